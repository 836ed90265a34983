/** The surface of `node:net`: by name, as default, and as the object that `require` gives. */
import { net } from './net.ts';

export { SocketAddress, normalizeArguments as _normalizeArgs } from '@net/address';
export type { ConnectOptions } from '@net/address';
export { BlockList } from '@net/blocklist';
export { isIP, isIPv4, isIPv6 } from '@net/ip';
export { Server, createServer, createServerHandle as _createServerHandle } from '@net/server';
export type { ConnectionListener, ServerEvents, ServerOptions } from '@net/server';
export {
	BoundSocket,
	Socket,
	Socket as Stream,
	connect,
	createConnection,
	getDefaultAutoSelectFamily,
	getDefaultAutoSelectFamilyAttemptTimeout,
	setDefaultAutoSelectFamily,
	setDefaultAutoSelectFamilyAttemptTimeout,
} from '@net/socket';
export type {
	CreateConnectionOptions,
	KeepAliveOptions,
	OnReadOptions,
	SocketEvents,
	SocketOptions,
} from '@net/socket';
export type { Net } from './net.ts';
export type {
	AddressInfo,
	BoundSocketOptions,
	DropArgument,
	IPVersion,
	IpcNetConnectOpts,
	IpcSocketConnectOpts,
	ListenOptions,
	LookupFunction,
	NetConnectOpts,
	OnReadOpts,
	ServerEventMap,
	ServerOpts,
	SetKeepAliveOptions,
	SocketAddressInitOptions,
	SocketConnectOpts,
	SocketConstructorOpts,
	SocketEventMap,
	SocketReadyState,
	TcpNetConnectOpts,
	TcpSocketConnectOpts,
} from './types.ts';
export { net as default, net as 'module.exports' };
