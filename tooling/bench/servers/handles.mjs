/** Our handles: callbacks, no streams. */
import { listen } from '@net/loop';
import { COPIES, sourceChunk } from './bytes.mjs';
import { announce, mode, place, size } from './control.mjs';

/**
 * @typedef {import('@net/loop').ListenHandlers} Handlers
 * @typedef {import('@net/loop').Connection} Connection
 */

/** @type {Handlers} */
const echo = {
	data(connection, chunk) {
		connection.write(chunk);
	},
};

/** @type {Handlers} */
const pipe = {
	data(connection, chunk) {
		if (!connection.write(chunk)) connection.pause();
	},
	drain(connection) {
		connection.resume();
	},
};

/** @type {Handlers} */
const burst = {
	open(connection) {
		connection.setNoDelay(true);
	},
	data(connection, chunk) {
		for (let i = 0; i < COPIES; i++) connection.write(chunk);
	},
};

/** @type {Handlers} */
const sink = {
	data() {},
	end(connection) {
		connection.end(String(connection.bytesRead));
	},
};

/** `context`: bytes that are still to be sent. @type {() => Handlers} */
function source() {
	const chunk = sourceChunk(Number(size));
	/** @param {Connection} connection */
	const send = (connection) => {
		let left = Number(connection.context);
		while (left > 0) {
			const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
			left -= part.length;
			connection.context = left;
			if (!connection.write(part)) return;
		}
		connection.end();
	};
	return {
		data(connection, request) {
			connection.context = Number(request);
			send(connection);
		},
		drain: send,
	};
}

/** `context`: the other end. @type {() => Handlers} */
function forward() {
	/** The connection that was accepted and has no other one yet. @type {Connection | undefined} */
	let waiting;
	/** @param {Connection} connection */
	const otherOf = (connection) => /** @type {Connection} only `open` sets it */ (connection.context);
	return {
		open(connection) {
			const other = waiting;
			waiting = other === undefined ? connection : undefined;
			if (other === undefined) return connection.pause();
			connection.context = other;
			other.context = connection;
			return other.resume();
		},
		data(connection, chunk) {
			if (!otherOf(connection).write(chunk)) connection.pause();
		},
		drain(connection) {
			otherOf(connection).resume();
		},
		end(connection) {
			otherOf(connection).end();
		},
	};
}

/** @type {Record<string, () => Handlers>} */
const kinds = { pipe: () => pipe, burst: () => burst, sink: () => sink, source, forward };

const acceptor = await listen(place, (kinds[mode] ?? (() => echo))());
announce(acceptor.port ?? 0, { driver: process.env['NET_LOOP_DRIVER'] });
