/** The object that `require('node:net')` would be: its properties can be replaced, as Node's can. */
import { BlockList } from '@net/blocklist';

import { surface } from './surface.ts';
import type { Surface } from './surface.ts';
import type * as types from './types.ts';

/** All that `@net/node` exports. */
export interface Net extends Surface {
	/** Addresses, ranges and subnets to refuse: see {@link BlockList}. */
	BlockList: typeof BlockList;
}

const { _createServerHandle, _normalizeArgs, ...others } = surface;

/** In Node's order. */
export const net: Net = { _createServerHandle, _normalizeArgs, BlockList, ...others };

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
