/** node:net: the original. */
import { createServer } from 'node:net';
import { announce, place, portOf } from './control.mjs';
import { serveSocket } from './stream.mjs';

const server = createServer(serveSocket);
server.listen(place, () => announce(portOf(server.address())));
