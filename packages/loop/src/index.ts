/** Connections and servers without streams, and the handles and drivers beneath them. */
export { connect } from './connect.ts';
export type { ConnectOptions } from './connect.ts';
export { Connection } from './connection.ts';
export type { ConnectionHandlers, ConnectionOptions, ConnectionSettings } from './connection-settings.ts';
export { Acceptor, listen } from './listen.ts';
export type { ListenHandlers, ListenOptions } from './listen.ts';
export { currentDriver } from './drivers.ts';
export { IPV6_ONLY, PENDING, READABLE_ALL, REUSE_PORT, WRITABLE_ALL } from './driver.ts';
export type { AddressInfo, Driver } from './driver.ts';
export { Handle, noEvents } from './handle.ts';
export type { HandleEvents } from './handle.ts';
export { isHostHandle } from './host.ts';
export type { HostHandle, HostSocketOptions } from './host.ts';
export { Listener } from './listener.ts';
export type { ListenerEvents } from './listener.ts';
