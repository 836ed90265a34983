/** The types of the surface, under the names that `@types/node` has for them. */
import type { ConnectOptions } from '@net/address';
import type { Socket, SocketOptions } from '@net/socket';

export type {
	ListenOptions,
	SocketAddress,
	LookupFunction,
	SocketAddressOptions as SocketAddressInitOptions,
} from '@net/address';
export type { BlockList } from '@net/blocklist';
export type { AddressInfo } from '@net/loop';
export type { DropArgument, Server, ServerEvents as ServerEventMap, ServerOptions as ServerOpts } from '@net/server';
export type {
	BoundSocket,
	BoundSocketOptions,
	CreateConnectionOptions as NetConnectOpts,
	KeepAliveOptions as SetKeepAliveOptions,
	OnReadOptions as OnReadOpts,
	Socket,
	Socket as Stream,
	SocketEvents as SocketEventMap,
	SocketOptions as SocketConstructorOpts,
} from '@net/socket';

export type TcpSocketConnectOpts = ConnectOptions & { port: number };
export type IpcSocketConnectOpts = ConnectOptions & { path: string };
export type SocketConnectOpts = TcpSocketConnectOpts | IpcSocketConnectOpts;
export type TcpNetConnectOpts = TcpSocketConnectOpts & SocketOptions & { timeout?: number | undefined };
export type IpcNetConnectOpts = IpcSocketConnectOpts & SocketOptions & { timeout?: number | undefined };
export type SocketReadyState = Socket['readyState'];
export type IPVersion = 'ipv4' | 'ipv6';
