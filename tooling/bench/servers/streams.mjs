/** Our sockets, on the driver that NET_LOOP_DRIVER names. The web servers are Node's own over them. */
import { createServer } from '@net/node';
import { announce, mode, place, portOf } from './control.mjs';
import { serveSocket } from './stream.mjs';

// Others shall not have node:http, and so node:net, in memory.
const web = mode.startsWith('http') ? (await import('./web.mjs')).webServer() : undefined;
const server = createServer(web === undefined ? serveSocket : (socket) => web.emit('connection', socket));
server.listen(place, () => announce(portOf(server.address()), { driver: process.env['NET_LOOP_DRIVER'] }));
