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

/** Where `socket.connect` goes by TCP. */
export type TcpSocketConnectOpts = ConnectOptions & { port: number };
/** Where `socket.connect` goes by a Unix socket or a named pipe. */
export type IpcSocketConnectOpts = ConnectOptions & { path: string };
/** What `socket.connect` takes. */
export type SocketConnectOpts = TcpSocketConnectOpts | IpcSocketConnectOpts;
/** What `net.connect` takes for TCP: also the options of the socket that it makes. `timeout`: as `setTimeout`, milliseconds. */
export type TcpNetConnectOpts = TcpSocketConnectOpts & SocketOptions & { timeout?: number | undefined };
/** What `net.connect` takes for a path: also the options of the socket that it makes. `timeout`: as `setTimeout`, milliseconds. */
export type IpcNetConnectOpts = IpcSocketConnectOpts & SocketOptions & { timeout?: number | undefined };
/** Values of `socket.readyState`. */
export type SocketReadyState = Socket['readyState'];
/** Families, as `SocketAddress` and `BlockList` write them. */
export type IPVersion = 'ipv4' | 'ipv6';
