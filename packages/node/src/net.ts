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

import type * as types from './types.ts';

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

/** So that `net.Socket` and its like are types, too, for those who import the default. */
export declare namespace net {
	export type AddressInfo = types.AddressInfo;
	export type BlockList = types.BlockList;
	export type BoundSocket = types.BoundSocket;
	export type BoundSocketOptions = types.BoundSocketOptions;
	export type DropArgument = types.DropArgument;
	export type IPVersion = types.IPVersion;
	export type IpcNetConnectOpts = types.IpcNetConnectOpts;
	export type IpcSocketConnectOpts = types.IpcSocketConnectOpts;
	export type ListenOptions = types.ListenOptions;
	export type LookupFunction = types.LookupFunction;
	export type NetConnectOpts = types.NetConnectOpts;
	export type OnReadOpts = types.OnReadOpts;
	export type Server = types.Server;
	export type ServerEventMap = types.ServerEventMap;
	export type ServerOpts = types.ServerOpts;
	export type SetKeepAliveOptions = types.SetKeepAliveOptions;
	export type Socket = types.Socket;
	export type SocketAddress = types.SocketAddress;
	export type SocketAddressInitOptions = types.SocketAddressInitOptions;
	export type SocketConnectOpts = types.SocketConnectOpts;
	export type SocketConstructorOpts = types.SocketConstructorOpts;
	export type SocketEventMap = types.SocketEventMap;
	export type SocketReadyState = types.SocketReadyState;
	export type Stream = types.Stream;
	export type TcpNetConnectOpts = types.TcpNetConnectOpts;
	export type TcpSocketConnectOpts = types.TcpSocketConnectOpts;
}
