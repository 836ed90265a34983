/** The options of `new Socket()`: checked, given to the stream, put into effect. */
import { AsyncResource } from 'node:async_hooks';
import type { Socket as NodeSocket } from 'node:net';
import type { DuplexOptions } from 'node:stream';

import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, errnoOf, systemError } from '@net/errors';
import { validateInt32, validateNumber } from '@net/errors';
import { Handle, currentDriver } from '@net/loop';
import type { HostHandle } from '@net/loop';

import { onStreamEnd, pauseFromStart } from './accepted.ts';
import { BoundSocket, takeBound } from './bound-socket.ts';
import { adoptDescriptor } from './fd.ts';
import { takeHandle, undestroy } from './handle.ts';
import { userBuffer } from './onread.ts';
import type { SocketOptions } from './options.ts';
import { keepNoScope, keepScope } from './scope.ts';
import { watchAbort } from './signal.ts';
import { kState } from './state.ts';
import type { Socket } from './socket.ts';

/**
 * @param given - a number is a descriptor.
 * @throws ERR_INVALID_ARG_VALUE for object mode; ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE.
 */
export function givenOptions(given: SocketOptions | number | undefined): SocketOptions {
	const options: SocketOptions & Record<string, unknown> = typeof given === 'number' ? { fd: given } : { ...given };
	for (const name of ['objectMode', 'readableObjectMode', 'writableObjectMode']) {
		if (options[name]) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'is not supported');
	}
	const { blockList, keepAliveInitialDelay, typeOfService } = options;
	if (keepAliveInitialDelay !== undefined) validateNumber(keepAliveInitialDelay, 'options.keepAliveInitialDelay');
	if (typeOfService !== undefined) validateInt32(typeOfService, 'options.typeOfService', 0, 255);
	if (blockList && typeof blockList.check !== 'function') {
		throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', blockList);
	}
	return options;
}

/** What the stream is told; what it does not know it ignores. */
export function streamOptions(options: (SocketOptions & DuplexOptions) | undefined): DuplexOptions {
	return {
		...options,
		allowHalfOpen: Boolean(options?.allowHalfOpen),
		// 'close' comes from the handle.
		emitClose: false,
		autoDestroy: true,
		// The handle encodes strings where they leave.
		decodeStrings: false,
	};
}

/** The second half of the constructor. */
export function initialize(socket: Socket, options: SocketOptions): void {
	// By a signal that was aborted before: it is told, but what follows finds a socket as new.
	if (socket.destroyed) undestroy(socket);
	const state = socket[kState];
	state.userBuffer = userBuffer(options.onread);
	const { settings } = state;
	settings.noDelay = Boolean(options.noDelay);
	settings.keepAlive = Boolean(options.keepAlive);
	settings.keepAliveDelay = Math.trunc(Math.max(options.keepAliveInitialDelay ?? 0, 0) / 1000);
	settings.typeOfService = options.typeOfService;
	socket.on('end', onStreamEnd);
	attach(socket, options);
	if (options.signal) watchAbort(socket, options.signal);
	if (options.blockList) socket.blockList = options.blockList;
}

/** Takes over the handle or descriptor that was given, and starts to read. */
function attach(socket: Socket, options: SocketOptions): void {
	const handle = openedHandle(options);
	if (handle === undefined) return;
	const state = socket[kState];
	const { context } = handle;
	takeHandle(state, handle, typeof handle.local !== 'object');
	if (options.handle instanceof BoundSocket) {
		state.adopted = { path: typeof handle.local === 'string' ? handle.local : undefined, bound: true };
		if (context instanceof AsyncResource) state.resource = context;
		return;
	}
	if (handle === options.handle) keepNoScope(state);
	else keepScope(state);
	if (options.readable === false) return;
	if (options.pauseOnCreate === true) pauseFromStart(socket, handle);
	else if (options.manualStart !== true) socket.read(0);
}

/** Takes over what is of Node's own: a socket, or the handle of one. */
function handleOver(host: NodeSocket | HostHandle): Handle {
	const handle = new Handle(currentDriver());
	const errno = handle.driver.adoptHost(handle, host);
	if (errno === errnoOf('EINVAL')) throw new ERR_INVALID_ARG_TYPE('options.handle', 'Handle', host);
	if (errno !== 0) throw systemError(errno, 'open');
	return handle;
}

function openedHandle({ fd, handle }: SocketOptions): Handle | undefined {
	if (handle) {
		if (handle instanceof BoundSocket) return takeBound(handle);
		return handle instanceof Handle ? handle : handleOver(handle);
	}
	if (fd === undefined) return undefined;
	const adopted = new Handle(currentDriver());
	adoptDescriptor(adopted, fd);
	return adopted;
}
