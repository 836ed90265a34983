/** Addresses with a port, and where a connection or a server goes. */
export * from './socket-address.ts';
export * from './endpoint.ts';
export * from './connect.ts';
export * from './listen.ts';
