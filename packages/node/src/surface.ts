/**
 * What there is beside `BlockList`, whose package is as large as all that connects and listens: `register` loads it when
 * somebody asks for it.
 */
import { SocketAddress, normalizeArguments } from '@net/address';
import { isIP, isIPv4, isIPv6 } from '@net/ip';
import { Server, createServer, createServerHandle } from '@net/server';
import {
	BoundSocket,
	Socket,
	connect,
	createConnection,
	getDefaultAutoSelectFamily,
	getDefaultAutoSelectFamilyAttemptTimeout,
	setDefaultAutoSelectFamily,
	setDefaultAutoSelectFamilyAttemptTimeout,
} from '@net/socket';

/** All that `@net/node` exports but `BlockList`. */
export interface Surface {
	_createServerHandle: typeof createServerHandle;
	_normalizeArgs: typeof normalizeArguments;
	/** An address with its port, as a value: see {@link SocketAddress}. */
	SocketAddress: typeof SocketAddress;
	/** A local end that is bound and neither connects nor listens yet: see {@link BoundSocket}. */
	BoundSocket: typeof BoundSocket;
	/** Makes a socket and connects it: see {@link connect}. */
	connect: typeof connect;
	/** Another name of `connect`. */
	createConnection: typeof createConnection;
	/** Makes a server, which does not listen yet: see {@link createServer}. */
	createServer: typeof createServer;
	/** 4, 6, or 0 for what is no IP address. */
	isIP: typeof isIP;
	/** Whether a text is an IPv4 address, dotted, without leading zeros. */
	isIPv4: typeof isIPv4;
	/** Whether a text is an IPv6 address, with a zone or without. */
	isIPv6: typeof isIPv6;
	/** What listens and emits sockets, with `new` and without: see {@link Server}. */
	Server: typeof Server;
	/** A connection as a stream, with `new` and without: see {@link Socket}. */
	Socket: typeof Socket;
	/** Socket's old name. */
	Stream: typeof Socket;
	/** Whether sockets try all addresses of a name; true at first. */
	getDefaultAutoSelectFamily: typeof getDefaultAutoSelectFamily;
	/** Changes it for sockets that connect from now on. ERR_INVALID_ARG_TYPE. */
	setDefaultAutoSelectFamily: typeof setDefaultAutoSelectFamily;
	/** Milliseconds that one address may take before the next is tried. */
	getDefaultAutoSelectFamilyAttemptTimeout: typeof getDefaultAutoSelectFamilyAttemptTimeout;
	/** Changes it; less than 10 is taken as 10. ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE below 1. */
	setDefaultAutoSelectFamilyAttemptTimeout: typeof setDefaultAutoSelectFamilyAttemptTimeout;
}

export const surface: Surface = {
	_createServerHandle: createServerHandle,
	_normalizeArgs: normalizeArguments,
	SocketAddress,
	BoundSocket,
	connect,
	createConnection,
	createServer,
	isIP,
	isIPv4,
	isIPv6,
	Server,
	Socket,
	Stream: Socket,
	getDefaultAutoSelectFamily,
	setDefaultAutoSelectFamily,
	getDefaultAutoSelectFamilyAttemptTimeout,
	setDefaultAutoSelectFamilyAttemptTimeout,
};
