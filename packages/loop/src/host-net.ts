/**
 * The host's own classes, taken while this loads: an `import { Socket } from 'node:net'` would follow whatever is put in
 * their place later, by `@net/node/register` or by a program.
 */
import net from 'node:net';

// Where a copy of this package came first and has put its own there, it has left Node's under this name.
const { Socket: HostSocket, Server: HostServer }: typeof net = Reflect.get(net, Symbol.for('net.original')) ?? net;

export const Socket: typeof net.Socket = HostSocket;
export type Socket = net.Socket;
export const Server: typeof net.Server = HostServer;
export type Server = net.Server;
