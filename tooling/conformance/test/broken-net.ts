/**
 * `node:net` with one defect, chosen by `?defect=` in the URL: what the kit must catch. Each patches Node's own classes,
 * in a process that does nothing else.
 */
import { AsyncResource } from 'node:async_hooks';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { Server, Socket } from 'node:net';

type Method = (this: object, ...values: unknown[]) => unknown;

/** Replaces a method by one that gets the old one. */
function patch(target: object, name: string, make: (old: Method) => Method): void {
	const old: unknown = Reflect.get(target, name);
	if (typeof old !== 'function') throw new Error(`there is no method ${name}`);
	const method: Method = function (this: object, ...values: unknown[]) {
		return Reflect.apply(old, this, values);
	};
	Reflect.defineProperty(target, name, { value: make(method), writable: true, configurable: true });
}

/** Calls `change` for each event that is emitted; what it returns is emitted instead, nothing for undefined. */
function onEmit(target: object, change: (emitter: object, event: unknown[]) => unknown[] | undefined): void {
	patch(
		target,
		'emit',
		(old) =>
			function (this: object, ...event: unknown[]) {
				const changed = change(this, event);
				return changed === undefined ? false : Reflect.apply(old, this, changed);
			},
	);
}

function changeError(change: (error: Error) => void): void {
	onEmit(net.Socket.prototype, (_socket, event) => {
		const [name, error] = event;
		if (name === 'error' && error instanceof Error) change(error);
		return event;
	});
}

const socket: Socket = net.Socket.prototype;
const server: Server = net.Server.prototype;

/** The last argument of a call, if it is a function. */
function callbackOf(values: readonly unknown[]): ((...values: unknown[]) => void) | undefined {
	const last = values.at(-1);
	return typeof last === 'function' ? (...passed) => Reflect.apply(last, undefined, passed) : undefined;
}

export const defects: Record<string, () => void> = {
	none() {},
	'ready before connect'() {
		onEmit(socket, (_socket, [name, ...rest]) => {
			return [name === 'connect' ? 'ready' : name === 'ready' ? 'connect' : name, ...rest];
		});
	},
	'close without its argument'() {
		onEmit(socket, (_socket, event) => (event[0] === 'close' ? ['close'] : event));
	},
	'close twice'() {
		patch(
			socket,
			'emit',
			(old) =>
				function (this: object, ...event: unknown[]) {
					if (event[0] === 'close') Reflect.apply(old, this, event);
					return Reflect.apply(old, this, event);
				},
		);
	},
	'no end event'() {
		onEmit(socket, (_socket, event) => (event[0] === 'end' ? undefined : event));
	},
	'wrong error code'() {
		changeError((error) => Reflect.set(error, 'code', 'ECONNRESET'));
	},
	'wrong error text'() {
		changeError((error) => Reflect.set(error, 'message', error.message.replace('ECONNREFUSED', 'refused')));
	},
	'missing error field'() {
		changeError((error) => Reflect.deleteProperty(error, 'syscall'));
	},
	'write callback not called'() {
		patch(
			socket,
			'write',
			(old) =>
				function (this: object, ...values: unknown[]) {
					return Reflect.apply(
						old,
						this,
						callbackOf(values) === undefined ? values : [...values.slice(0, -1), () => {}],
					);
				},
		);
	},
	'write callback inside write'() {
		patch(
			socket,
			'write',
			(old) =>
				function (this: object, ...values: unknown[]) {
					const callback = callbackOf(values);
					const written = Reflect.apply(old, this, callback === undefined ? values : values.slice(0, -1));
					callback?.();
					return written;
				},
		);
	},
	'listening late'() {
		patch(
			server,
			'emit',
			(old) =>
				function (this: object, ...event: unknown[]) {
					if (event[0] !== 'listening') return Reflect.apply(old, this, event);
					setImmediate(() => Reflect.apply(old, this, event));
					return true;
				},
		);
	},
	'uncaught exceptions end with 0'() {
		process.prependListener('exit', () => (process.exitCode = 0));
	},
	'unref does nothing'() {
		patch(
			server,
			'unref',
			() =>
				function (this: object) {
					return this;
				},
		);
	},
	'a server does not keep the process'() {
		onEmit(server, (emitter, event) => {
			if (event[0] === 'listening') Reflect.apply(Reflect.get(emitter, 'unref'), emitter, []);
			return event;
		});
	},
	'the first byte is wrong'() {
		onEmit(socket, (_socket, event) => {
			const [name, chunk] = event;
			if (name === 'data' && Buffer.isBuffer(chunk)) chunk[0] = 63;
			return event;
		});
	},
	'half-open is ignored'() {
		onEmit(server, (_server, event) => {
			const [name, accepted] = event;
			if (name === 'connection' && accepted instanceof net.Socket) {
				accepted.allowHalfOpen = false;
				accepted.on('end', () => accepted.end());
			}
			return event;
		});
	},
	'the path is left behind'() {
		patch(
			server,
			'close',
			(old) =>
				function (this: object, ...values: unknown[]) {
					const path: unknown = Reflect.apply(Reflect.get(this, 'address'), this, []);
					const closed = Reflect.apply(old, this, values);
					if (typeof path === 'string' && !existsSync(path)) writeFileSync(path, '');
					return closed;
				},
		);
	},
	'setNoDelay returns nothing'() {
		patch(
			socket,
			'setNoDelay',
			(old) =>
				function (this: object, ...values: unknown[]) {
					Reflect.apply(old, this, values);
				},
		);
	},
	'timeouts are not checked'() {
		patch(
			socket,
			'setTimeout',
			(old) =>
				function (this: object, ...values: unknown[]) {
					return typeof values[0] === 'number' && values[0] >= 0 ? Reflect.apply(old, this, values) : this;
				},
		);
	},
	'a wrong counter'() {
		onEmit(socket, (emitter, event) => {
			if (event[0] === 'close') Reflect.defineProperty(emitter, 'bytesRead', { value: 1000 });
			return event;
		});
	},
	'events lose their store'() {
		const root = new AsyncResource('broken');
		patch(
			socket,
			'emit',
			(old) =>
				function (this: object, ...event: unknown[]) {
					return root.runInAsyncScope(() => Reflect.apply(old, this, event));
				},
		);
	},
	'exceptions of listeners are swallowed'() {
		patch(
			socket,
			'emit',
			(old) =>
				function (this: object, ...event: unknown[]) {
					try {
						return Reflect.apply(old, this, event);
					} catch {
						return true;
					}
				},
		);
	},
	'it prints something'() {
		onEmit(server, (_server, event) => {
			if (event[0] === 'listening') console.log('noise');
			return event;
		});
	},
	'it aborts'() {
		patch(socket, 'resetAndDestroy', () => () => process.abort());
	},
};

const chosen = new URL(import.meta.url).searchParams.get('defect');
if (chosen !== null) {
	const defect = defects[chosen];
	if (defect === undefined) throw new Error(`there is no defect '${chosen}'`);
	defect();
}

export default net;
