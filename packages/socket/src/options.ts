/** The options of sockets and of their connections, as users give them. */
import type { ConnectOptions } from '@net/address';
import type { Handle, HostHandle } from '@net/loop';
import type { Socket as NodeSocket } from 'node:net';

import type { BoundSocket } from './bound-socket.ts';
import type { OnReadOptions } from './onread.ts';

/** What can say whether an address is blocked: `net.BlockList`, or anything of its shape. */
export interface AddressCheck {
	/** Called with the numbers of each address that is tried, or has connected. @returns whether to refuse it. */
	check(address: string, family?: 'ipv4' | 'ipv6'): boolean;
}

/** Options of `new Socket()`. */
export interface SocketOptions {
	/** An open descriptor to take over: a stream socket, a pipe. */
	fd?: number | undefined;
	/**
	 * A bound socket, to connect with; or an open connection to take over: a handle of @net/loop (a server gives accepted ones), or a socket of Node's own
	 * `node:net` or the handle in one, as `child_process` gives them. The socket closes, the connection does not.
	 */
	handle?: BoundSocket | Handle | NodeSocket | HostHandle | undefined;
	/** Whether the writable side stays open when the peer ends. Default: false. */
	allowHalfOpen?: boolean | undefined;
	/** Whether to read from `fd` or `handle`. Default: true. */
	readable?: boolean | undefined;
	/** Whether to write to `fd` or `handle`. Default: true. */
	writable?: boolean | undefined;
	/** Leaves a socket that was given a handle paused. Default: false. */
	pauseOnCreate?: boolean | undefined;
	/** Does not start to read by itself. Default: false. */
	manualStart?: boolean | undefined;
	/** Destroys the socket when aborted. */
	signal?: AbortSignal | undefined;
	/** Puts received bytes into memory of the caller; 'data' does not come then. */
	onread?: OnReadOptions | null | undefined;
	/** Switches Nagle's algorithm off as soon as there is a connection. Default: false. */
	noDelay?: boolean | undefined;
	/** Has the kernel probe the connection while nothing goes over it. Default: false. */
	keepAlive?: boolean | undefined;
	/** Milliseconds until the first keep-alive probe; 0 leaves the system's. Default: 0. */
	keepAliveInitialDelay?: number | undefined;
	/** The IP header's type of service, 0–255. */
	typeOfService?: number | undefined;
	/** Addresses that are not to be connected to: ERR_IP_BLOCKED. */
	blockList?: AddressCheck | undefined;
	/** Bytes that are held before backpressure sets in. Default: Node's for streams. */
	highWaterMark?: number | undefined;
	/** As `highWaterMark`, of what was received. */
	readableHighWaterMark?: number | undefined;
	/** As `highWaterMark`, of what is unsent. */
	writableHighWaterMark?: number | undefined;
}

/** Options of `connect()`, which makes a socket and connects it. */
export type CreateConnectionOptions = ConnectOptions &
	SocketOptions & {
		/** Calls `socket.setTimeout()` before connecting; milliseconds. */
		timeout?: number | undefined;
	};
