/** Servers: what listens and emits sockets. */
export { toNodeServer } from './node-server.ts';
export { createServerHandle } from './server-handle.ts';
export { Server, createServer } from './server.ts';
export type { ConnectionListener, DropArgument, ServerConstructor, ServerEvents, ServerOptions } from './server.ts';
