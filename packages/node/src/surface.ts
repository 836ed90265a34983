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
	SocketAddress: typeof SocketAddress;
	BoundSocket: typeof BoundSocket;
	connect: typeof connect;
	createConnection: typeof createConnection;
	createServer: typeof createServer;
	isIP: typeof isIP;
	isIPv4: typeof isIPv4;
	isIPv6: typeof isIPv6;
	Server: typeof Server;
	Socket: typeof Socket;
	/** Socket's old name. */
	Stream: typeof Socket;
	getDefaultAutoSelectFamily: typeof getDefaultAutoSelectFamily;
	setDefaultAutoSelectFamily: typeof setDefaultAutoSelectFamily;
	getDefaultAutoSelectFamilyAttemptTimeout: typeof getDefaultAutoSelectFamilyAttemptTimeout;
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
