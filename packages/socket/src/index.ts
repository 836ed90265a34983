/** Sockets: a Duplex over a handle, and what connects one. */
export { Acceptance } from './accepted.ts';
export type { AcceptanceOptions } from './accepted.ts';
export { BoundSocket, takeBound } from './bound-socket.ts';
export type { BoundSocketOptions } from './bound-socket.ts';
export { callable } from './callable.ts';
export { connect, createConnection } from './connect.ts';
export {
	getDefaultAutoSelectFamily,
	getDefaultAutoSelectFamilyAttemptTimeout,
	setDefaultAutoSelectFamily,
	setDefaultAutoSelectFamilyAttemptTimeout,
} from './defaults.ts';
export type { Emitting, SocketEvents } from './events.ts';
export { toNodeSocket } from './node-socket.ts';
export { handleOf } from './handle.ts';
export type { OnReadOptions } from './onread.ts';
export type { AddressCheck, CreateConnectionOptions, SocketOptions } from './options.ts';
export type { KeepAliveOptions } from './settings.ts';
export { Socket } from './socket.ts';
export type { SocketConstructor, SocketServer } from './socket.ts';
