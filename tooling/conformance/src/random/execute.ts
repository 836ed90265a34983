/** Runs a sequence on a `net` and records what happens: one lane an object, one for exceptions that nobody caught. */
import type { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Server, Socket } from 'node:net';
import type { Net } from '../scenario.ts';
import type { Trace } from '../trace.ts';
import type { Barrier } from './barrier.ts';
import { Lanes } from './lanes.ts';
import { printCall } from './sequence.ts';
import type { Sequence, Step } from './sequence.ts';
import { serverState, socketState } from './state.ts';
import { make } from './values.ts';
import type { Context } from './values.ts';

/** An object of the sequence. */
interface Actor {
	readonly name: string;
	readonly object: Socket | Server;
	/** The steps that wait for one of its events. */
	readonly waiting: { event: string; step: Step }[];
	/** The last state that was recorded. */
	state: Readonly<Record<string, string>>;
	/** An idle timeout so short that its end is waited for. */
	timing: boolean;
}

export class Execution {
	readonly #net: Net;
	readonly #folder: string;
	readonly #barrier: Barrier;
	readonly #lanes = new Lanes();
	readonly #actors = new Map<string, Actor>();
	readonly #signals = new Map<string, AbortController>();
	readonly #ports = new Map<string, number>();
	/** Steps for sockets that are yet to be accepted, by their names. */
	readonly #expected = new Map<string, Step[]>();
	#accepted = 0;

	/** @param folder - for Unix sockets, this sequence's own. */
	constructor(net: Net, barrier: Barrier, folder: string) {
		this.#net = net;
		this.#barrier = barrier;
		this.#folder = folder;
		mkdirSync(folder, { recursive: true });
		this.#lanes.names.add(folder, 'tmp');
	}

	async run(sequence: Sequence): Promise<Trace> {
		const uncaught = (error: unknown): void => this.#lanes.record('process', `uncaught ${this.#lanes.show(error)}`);
		process.on('uncaughtException', uncaught);
		process.on('unhandledRejection', uncaught);
		for (const phase of sequence.phases) {
			for (const step of phase) this.#schedule(step);
			await this.#settle();
		}
		this.#lanes.over = true;
		await this.#cleanUp();
		process.off('uncaughtException', uncaught);
		process.off('unhandledRejection', uncaught);
		return this.#lanes.trace;
	}

	#schedule(step: Step): void {
		const run = (): void => this.#step(step);
		switch (step.moment) {
			case 'now':
				// It would be the sequence's own exception, and nobody's business.
				if (step.method !== 'throw') run();
				break;
			case 'tick':
				process.nextTick(run);
				break;
			case 'microtask':
				queueMicrotask(run);
				break;
			default:
				this.#wait(step, step.moment.slice(3));
		}
	}

	#wait(step: Step, event: string): void {
		const actor = this.#actors.get(step.target);
		if (actor !== undefined) {
			actor.waiting.push({ event, step });
			return;
		}
		if (!step.target.startsWith('p') || Number(step.target.slice(1)) < this.#accepted) return;
		this.#expected.set(step.target, [...(this.#expected.get(step.target) ?? []), step]);
	}

	#step(step: Step): void {
		if (this.#lanes.over) return;
		const { target, method } = step;
		if (method.startsWith('new ')) {
			this.#create(step);
			return;
		}
		const actor = this.#actors.get(target);
		if (actor === undefined) return;
		if (method === 'throw') throw new Error(`thrown for ${target}`);
		const values = make(step.values, this.#context(step));
		this.#attempt(step, () => this.#call(actor, method, values));
	}

	#call(actor: Actor, method: string, values: readonly unknown[]): unknown {
		const { object } = actor;
		if (method.startsWith('=')) return Reflect.set(object, method.slice(1), values[0]);
		if (method === 'abort') return this.#signals.get(actor.name)?.abort();
		if (method === 'setTimeout' && values[0] === 1 && !('listening' in object) && !object.destroyed)
			actor.timing = true;
		const called: unknown = Reflect.get(object, method === 'asyncDispose' ? Symbol.asyncDispose : method);
		if (typeof called !== 'function') throw new Error(`there is no ${method}`);
		return Reflect.apply(called, object, values);
	}

	#create(step: Step): void {
		const { target, method } = step;
		if (this.#actors.has(target)) return;
		const net = this.#net;
		const values = make(step.values, this.#context(step));
		this.#attempt(step, () => {
			// The types of good values: `values` are any.
			const [options] = values as [object | undefined];
			if (method === 'new net.Server') this.#watch(target, new net.Server(options));
			else if (method === 'new net.Socket') this.#watch(target, new net.Socket(options));
			else this.#watch(target, Reflect.apply(net.connect, net, values));
		});
	}

	/** Records the call and what it returned or threw. */
	#attempt(step: Step, run: () => unknown): void {
		const call = printCall(step);
		try {
			const value = run();
			if (value instanceof Promise) this.#recordPromise(step.target, call, value);
			else this.#lanes.record(step.target, `${call} -> ${this.#lanes.show(value)}`);
		} catch (error) {
			this.#lanes.record(step.target, `${call} throws ${this.#lanes.show(error)}`);
		}
	}

	#recordPromise(target: string, call: string, promise: Promise<unknown>): void {
		this.#lanes.record(target, `${call} -> a promise`);
		promise.then(
			(value) => this.#lanes.record(target, `${call} is fulfilled: ${this.#lanes.show(value)}`),
			(error: unknown) => this.#lanes.record(target, `${call} is rejected: ${this.#lanes.show(error)}`),
		);
	}

	/** From now on the object's events are recorded, and steps that wait for them run. */
	#watch(name: string, object: Socket | Server): void {
		const actor: Actor = { name, object, waiting: [], state: {}, timing: false };
		this.#actors.set(name, actor);
		this.#lanes.names.add(object, name);
		const emit = object.emit;
		const watched = (event: string, ...values: unknown[]): boolean => {
			if (this.#lanes.over) return Reflect.apply(emit, object, [event, ...values]);
			if (event === 'connect') sendAtOnce(object);
			if (!heard.includes(event)) this.#event(actor, event, values);
			try {
				return Reflect.apply(emit, object, [event, ...values]);
			} finally {
				this.#react(actor, event);
			}
		};
		for (const event of heard) {
			object.on(event, (...values: unknown[]) => {
				if (!this.#lanes.over) this.#event(actor, event, values);
			});
		}
		// Not a listener: it sees events that nobody listens to, and changes nothing for the net.
		Object.defineProperty(object, 'emit', { value: watched, writable: true, configurable: true, enumerable: false });
	}

	#event(actor: Actor, event: string, values: readonly unknown[]): void {
		const { name, object } = actor;
		if (event === 'readable') return;
		if (event === 'data') {
			this.#lanes.receive(name, values[0]);
			return;
		}
		if (event === 'connection') this.#accept(values[0]);
		if (event === 'listening') this.#listening(name, object);
		const shown = values.map((value) => this.#lanes.show(value)).join(', ');
		const state = 'readyState' in object ? ` [${object.readyState}${object.destroyed ? ', destroyed' : ''}]` : '';
		this.#lanes.record(name, `'${event}' ${shown}${state}`);
	}

	#react(actor: Actor, event: string): void {
		if (event === 'timeout' && actor.timing && 'setTimeout' in actor.object) {
			actor.timing = false;
			actor.object.setTimeout(0);
		}
		for (const entry of [...actor.waiting]) {
			if (entry.event !== event) continue;
			actor.waiting.splice(actor.waiting.indexOf(entry), 1);
			this.#step(entry.step);
		}
	}

	#accept(accepted: unknown): void {
		if (!isSocket(accepted)) return;
		const name = `p${this.#accepted++}`;
		sendAtOnce(accepted);
		this.#watch(name, accepted);
		for (const step of this.#expected.get(name) ?? []) {
			if (step.moment === 'on accepted') this.#step(step);
			else this.#wait(step, step.moment.slice(3));
		}
	}

	#listening(name: string, server: object): void {
		if (!('address' in server) || typeof server.address !== 'function') return;
		const address: unknown = Reflect.apply(server.address, server, []);
		if (typeof address !== 'object' || address === null || !('port' in address)) return;
		const { port } = address;
		if (typeof port !== 'number') return;
		this.#ports.set(name, port);
		this.#lanes.names.add(port, `${name}.port`);
	}

	/** Waits until nothing happens any more, and records the state that the objects are in then. */
	async #settle(): Promise<void> {
		for (let round = 0; round < mostRounds; round++) {
			const before = this.#lanes.count;
			await this.#barrier.pass();
			if (before === this.#lanes.count && !this.#busy()) break;
			if (round > 5) await new Promise((resolve) => setTimeout(resolve, 1));
		}
		for (const actor of this.#actors.values()) {
			actor.timing = false;
			const { name, object } = actor;
			const state: Record<string, string> = {};
			const shown = 'listening' in object ? serverState(object) : socketState(object);
			for (const [property, value] of Object.entries(shown)) state[property] = this.#lanes.show(value);
			const changed = Object.keys(state).filter((property) => state[property] !== actor.state[property]);
			if (changed.length > 0 || this.#lanes.hasReceived(name)) this.#lanes.record(name, 'settled');
			for (const property of changed) this.#lanes.record(name, `  ${property}: ${state[property]}`);
			actor.state = state;
		}
	}

	/** Something is known to come that takes more than rounds of the loop. */
	#busy(): boolean {
		for (const { object, timing } of this.#actors.values()) {
			if (timing && 'destroyed' in object && !object.destroyed) return true;
		}
		return false;
	}

	async #cleanUp(): Promise<void> {
		const opened: EventEmitter[] = [];
		for (const { object } of this.#actors.values()) {
			opened.push(object);
			object.removeAllListeners();
			object.on('error', () => {});
			try {
				if ('listening' in object) object.close();
				else object.destroy();
			} catch {
				// It is broken, and what it recorded says so.
			}
		}
		await this.#barrier.pass();
	}

	#context(step: Step): Context {
		const { target } = step;
		return {
			port: (server) => this.#ports.get(server) ?? 1,
			path: (server) => join(this.#folder, server),
			signal: (aborted = false) => {
				const controller = new AbortController();
				if (aborted) controller.abort();
				this.#signals.set(target, controller);
				return controller.signal;
			},
			callback: () => {
				const call = printCall(step);
				const isError = step.method === 'on';
				return (...values) => {
					if (isError) return;
					this.#lanes.record(
						target,
						`  callback of ${call} (${values.map((value) => this.#lanes.show(value)).join(', ')})`,
					);
				};
			},
			error: () => new Error(`given to ${step.method}`),
			received: (text) => this.#lanes.receive(target, text),
			self: () => this.#actors.get(target)?.object,
		};
	}
}

/** Events whose listeners change nothing: these are recorded as listeners get them, all others as they are emitted. */
const heard: readonly string[] = ['close', 'connect', 'drain', 'finish', 'listening', 'ready', 'timeout'];

/** Barriers until a sequence that does not come to rest is cut off. */
const mostRounds = 30;

/** Nagle's algorithm would keep bytes back until the peer's kernel finds time to acknowledge those before. */
function sendAtOnce(object: Socket | Server): void {
	if (isSocket(object)) object.setNoDelay(true);
}

function isSocket(value: unknown): value is Socket {
	return typeof value === 'object' && value !== null && 'readyState' in value;
}
