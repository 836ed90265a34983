/** node:net: the original, or what another host has under this name. */
import { createServer } from 'node:net';
import { announce, mode, place, portOf } from './control.mjs';
import { serveSocket } from './stream.mjs';

// Others shall not have node:http in memory.
const server = mode.startsWith('http') ? (await import('./web.mjs')).webServer() : createServer(serveSocket);
server.listen(place, () => announce(portOf(server.address())));
