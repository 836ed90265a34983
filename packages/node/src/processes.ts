/** Sockets and servers for other processes: `child.send()` takes none but Node's own. */
export { toNodeServer } from '@net/server';
export { toNodeSocket } from '@net/socket';
