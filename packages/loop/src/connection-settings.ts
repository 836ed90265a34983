/** What the connections of one `connect` or `listen` have in common: options and handlers, checked. */
import type { HandleEvents } from './handle.ts';
import { validateBoolean, validateFunction, validateNumber, validateObject } from '@net/errors';
import { Connection, wholeSeconds } from './connection.ts';

/** What a connection tells. All are called with the connection first, all are optional. */
export interface ConnectionHandlers {
	/** Connected or accepted; bytes come later. */
	open?: ((connection: Connection) => void) | undefined;
	/** Bytes came. `chunk` is yours for good; its `buffer` may be shared with other chunks. Without it, bytes are dropped. */
	data?: ((connection: Connection, chunk: Buffer) => void) | undefined;
	/** All has left after `write` had answered false: go on. */
	drain?: ((connection: Connection) => void) | undefined;
	/** The peer sends no more. Unless `allowHalfOpen` is set, the connection ends itself after this call. */
	end?: ((connection: Connection) => void) | undefined;
	/** Reading or writing failed (a system error: `code`, `errno`, `syscall`) or `signal` aborted; `close` follows. */
	error?: ((connection: Connection, error: Error) => void) | undefined;
	/** Closed; nothing follows. Comes once for each connection that was opened. */
	close?: ((connection: Connection, hadError: boolean) => void) | undefined;
}

/** What `connect` and `listen` have in common. */
export interface ConnectionOptions {
	/** Do not end when the peer ends: call `end` yourself. Default false. */
	allowHalfOpen?: boolean | undefined;
	/** Send small segments at once (`TCP_NODELAY`). Default false. */
	noDelay?: boolean | undefined;
	/** Probe an idle connection (`SO_KEEPALIVE`). Default false. */
	keepAlive?: boolean | undefined;
	/** Idle time before the first probe, in milliseconds, whole seconds count. Default 0: the system's. */
	keepAliveInitialDelay?: number | undefined;
	/** Do not read until `resume` is called. Default false. */
	pauseOnConnect?: boolean | undefined;
	/** Aborts what was asked for. See `connect` and `listen`. */
	signal?: AbortSignal | undefined;
}

/** Checked options and handlers, made once a `connect` or `listen`, shared by its connections. */
export interface ConnectionSettings {
	/** One table for all connections of these handlers. */
	readonly events: HandleEvents;
	/** Those that were left out do nothing. */
	readonly handlers: Required<{ [Name in keyof ConnectionHandlers]: NonNullable<ConnectionHandlers[Name]> }>;
	/** See {@link ConnectionOptions.allowHalfOpen}. */
	readonly allowHalfOpen: boolean;
	/** See {@link ConnectionOptions.noDelay}. */
	readonly noDelay: boolean;
	/** See {@link ConnectionOptions.keepAlive}. */
	readonly keepAlive: boolean;
	/** In whole seconds, other than the option. */
	readonly keepAliveDelay: number;
	/** See {@link ConnectionOptions.pauseOnConnect}. */
	readonly paused: boolean;
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function checkSettings(options: ConnectionOptions, handlers: ConnectionHandlers): ConnectionSettings {
	validateObject(handlers, 'handlers');
	const { allowHalfOpen = false, noDelay = false, keepAlive = false, pauseOnConnect = false } = options;
	const { keepAliveInitialDelay = 0 } = options;
	validateBoolean(allowHalfOpen, 'options.allowHalfOpen');
	validateBoolean(noDelay, 'options.noDelay');
	validateBoolean(keepAlive, 'options.keepAlive');
	validateBoolean(pauseOnConnect, 'options.pauseOnConnect');
	validateNumber(keepAliveInitialDelay, 'options.keepAliveInitialDelay', 0);
	const { open = nothing, data = nothing, drain = nothing, end = nothing, error = nothing, close = nothing } = handlers;
	for (const [name, handler] of Object.entries({ open, data, drain, end, error, close })) {
		validateFunction(handler, `handlers.${name}`);
	}
	return {
		events: Connection.eventsOf(data),
		handlers: { open, data, drain, end, error, close },
		allowHalfOpen,
		noDelay,
		keepAlive,
		keepAliveDelay: wholeSeconds(keepAliveInitialDelay),
		paused: pauseOnConnect,
	};
}

function nothing(): void {}
