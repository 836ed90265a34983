/**
 * From the writable side to the handle.
 *
 * The handle queues what it is given until the turn ends, so the stream's write is done at once, as on Node, where the kernel
 * takes it at once: `writableLength`, `writableNeedDrain` and the result of `write()` are Node's. Only when too much is
 * unsent does the stream have to wait. A callback of the user's waits in any case until the kernel has answered.
 */
import {
	ERR_SOCKET_CLOSED,
	ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
	errnoOf,
	peerEndedError,
	systemError,
} from '@net/errors';
import type { Handle } from '@net/loop';

import { inScope, keepAnswerScope } from './scope.ts';
import { Waiting, kState } from './state.ts';
import type { Answer, SocketState } from './state.ts';
import { touch } from './timeout.ts';
import type { Socket } from './socket.ts';

/** One entry of what `_writev` gets. */
export interface BufferedWrite {
	chunk: Uint8Array | string;
	encoding: BufferEncoding;
}

/** Wraps the callback of a `write()`: called when the kernel has answered, or at once with an error of the stream's. */
export function whenAnswered(socket: Socket, chunk: unknown, callback: Answer): Answer {
	const { handle } = socket[kState];
	// An empty chunk does not reach the kernel: with nothing before it, there is nothing to wait for.
	const atOnce = isEmpty(chunk) && (handle?.unsent ?? 0) === 0;
	// Bytes of the handle that go before it; unknown behind what the stream holds.
	const before = socket.writableLength === 0 ? (handle?.bytesWritten ?? 0) : Infinity;
	return (error) => {
		const state = socket[kState];
		if (error) callback(error);
		else if (atOnce) callback(null);
		else if (state.waiting?.error !== undefined) callback(state.waiting.error);
		else if (state.handle === null || isSent(state.handle, before)) callback(null);
		else ((state.waiting ??= new Waiting()).answers ??= []).push(keepAnswerScope(callback, 'WRITEWRAP'));
	};
}

/** Whether the chunk behind so many bytes has left: what was written since may still wait for the end of its turn. */
function isSent({ bytesWritten, unsent }: Handle, before: number): boolean {
	return unsent === 0 || bytesWritten - unsent > before;
}

/** `_write` */
export function writeOne(socket: Socket, chunk: Uint8Array | string, encoding: BufferEncoding, answer: Answer): void {
	if (socket.connecting) {
		writeWhenConnected(socket, chunk, encoding, answer);
		return;
	}
	const handle = handleToWrite(socket, answer);
	if (handle === null) return;
	if (chunk.length > 0) handle.write(chunk, encoding);
	goOn(socket[kState], handle, chunk.length >= LARGE, answer);
}

/** `_writev` */
export function writeMany(socket: Socket, writes: BufferedWrite[], answer: Answer): void {
	if (socket.connecting) {
		writeWhenConnected(socket, writes, '', answer);
		return;
	}
	const handle = handleToWrite(socket, answer);
	if (handle === null) return;
	let large = false;
	for (let i = 0; i < writes.length; i++) {
		const write = writes[i];
		if (write === undefined || write.chunk.length === 0) continue;
		handle.write(write.chunk, write.encoding);
		large ||= write.chunk.length >= LARGE;
	}
	goOn(socket[kState], handle, large, answer);
}

/** `_final`: all has been written, the half-close goes behind it. */
export function finishWriting(socket: Socket, answer: Answer): void {
	if (socket.connecting) {
		socket.once('connect', () => socket._final(answer));
		return;
	}
	const state = socket[kState];
	// Half-closed already: the end of an earlier connection that never came waited for this one.
	if (state.handle === null || state.halfClosed) {
		answer();
		return;
	}
	state.halfClosed = true;
	state.shutdown = keepAnswerScope(answer, 'SHUTDOWNWRAP');
	state.handle.shutdown();
}

/** What `write` is after the peer ended and was answered; "write after end" would blame the user for it. */
export function writeAfterEnd(
	this: Socket,
	chunk: unknown,
	encoding?: BufferEncoding | Answer | null,
	callback?: Answer,
): boolean {
	if (!this.writableEnded) return this.constructor.prototype.write.call(this, chunk, encoding, callback);
	const answer = typeof encoding === 'function' ? encoding : callback;
	const error = peerEndedError();
	if (typeof answer === 'function') process.nextTick(answer, error);
	this.destroy(error);
	return false;
}

/** `bytesWritten`: what the handle has and what the stream still holds. */
export function countWritten(socket: Socket): number {
	let bytes = socket._bytesDispatched;
	// Internal to Writable, but what Node's own property counts.
	for (const write of socket.writableBuffer ?? []) bytes += byteLength(write);
	const pending = socket._pendingData;
	if (!pending) return bytes;
	if (Array.isArray(pending)) for (const write of pending) bytes += byteLength(write);
	else bytes += byteLength({ chunk: pending, encoding: socket._pendingEncoding || 'utf8' });
	return bytes;
}

// ── Completions.

/** Most often nobody waits for it, and nothing is to be run in the socket's context. */
export function onWritten(state: SocketState, errno: number): void {
	const { waiting } = state;
	if (errno < 0 || waiting?.answers !== undefined || waiting?.held !== undefined) inScope(state, answerWrites, errno);
	else if (waiting !== undefined) waiting.submitted = 0;
}

function answerWrites(state: SocketState, errno: number): void {
	const waiting = (state.waiting ??= new Waiting());
	const { answers, held } = waiting;
	waiting.answers = undefined;
	waiting.held = undefined;
	waiting.submitted = 0;
	if (errno < 0) {
		const error = systemError(errno, 'write');
		waiting.error = error;
		if (answers !== undefined) tell(answers, error, 0);
		if (held !== undefined) held(error);
		else state.socket.destroy(error);
		return;
	}
	touch(state.socket);
	waiting.lastBacklog = 0;
	try {
		if (answers !== undefined) tell(answers, null, 0);
	} finally {
		held?.(null);
	}
}

export function onShutdown(state: SocketState): void {
	const answer = state.shutdown;
	state.shutdown = undefined;
	// An error is of no interest any more: Node ignores it, too.
	answer?.();
}

/** Answers what is under way on a handle that was closed. */
export function cancelWrites(answers: Answer[] | undefined, held: Answer | undefined): void {
	const error = held === undefined ? null : systemError(errnoOf('ECANCELED'), 'write');
	if (answers !== undefined) tell(answers, error, 0);
	held?.(error);
}

/** Calls one after another; one that throws does not take the others with it. */
function tell(answers: readonly Answer[], error: Error | null, from: number): void {
	let next = from;
	try {
		while (next < answers.length) answers[next++]?.(error);
	} finally {
		if (next < answers.length) queueMicrotask(() => tell(answers, error, next));
	}
}

/** The handle of a socket that does not connect any more; where there is none, that is the answer. */
function handleToWrite(socket: Socket, answer: Answer): Handle | null {
	const { handle } = socket[kState];
	socket._pendingData = null;
	if (handle === null) answer(new ERR_SOCKET_CLOSED());
	else touch(socket);
	return handle;
}

/**
 * Lets the stream go on: what was written leaves at the end of the turn. Where it is too much for that, the kernel has it
 * now, and the stream waits only for what the kernel does not take.
 */
function goOn(state: SocketState, handle: Handle, large: boolean, answer: Answer): void {
	if (!large && handle.unsent - (state.waiting?.submitted ?? 0) < QUEUED_AT_MOST) {
		answer(null);
		return;
	}
	const waiting = (state.waiting ??= new Waiting());
	handle.driver.submit();
	waiting.submitted = handle.unsent;
	if (handle.backlog === 0) answer(null);
	else waiting.held = keepAnswerScope(answer, 'WRITEWRAP');
}

/** The first write before the connection: Writable keeps those behind it. */
function writeWhenConnected(
	socket: Socket,
	data: Uint8Array | string | BufferedWrite[],
	encoding: BufferEncoding | '',
	answer: Answer,
): void {
	socket._pendingData = data;
	socket._pendingEncoding = encoding;
	const onClose = (): void => answer(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
	socket.once('connect', () => {
		socket.off('close', onClose);
		if (Array.isArray(data)) writeMany(socket, data, answer);
		else writeOne(socket, data, encoding || 'utf8', answer);
		// Answered here and not at the end of the turn, if it can be: its callback comes before 'ready'.
		socket[kState].handle?.settle();
	});
	socket.once('close', onClose);
}

function isEmpty(chunk: unknown): boolean {
	return chunk === '' || (chunk instanceof Uint8Array && chunk.length === 0);
}

function byteLength({ chunk, encoding }: BufferedWrite): number {
	return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
}

/**
 * Chunks of this many bytes leave at once: the native driver keeps them by reference, and a program that uses its buffer
 * again after `write()` gets away with it on node:net as long as the kernel takes all.
 */
const LARGE = 32_768;
/** More bytes than these are not queued for the end of the turn. */
const QUEUED_AT_MOST = 65_536;
