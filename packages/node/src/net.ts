/** The object that `require('node:net')` would be: its properties can be replaced, as Node's can. */
import { SocketAddress, normalizeArguments } from '@net/address';
import { BlockList } from '@net/blocklist';
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

/** All that `@net/node` exports; in Node's order. */
export interface Net {
	_createServerHandle: typeof createServerHandle;
	_normalizeArgs: typeof normalizeArguments;
	BlockList: typeof BlockList;
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

export const net: Net = {
	_createServerHandle: createServerHandle,
	_normalizeArgs: normalizeArguments,
	BlockList,
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
