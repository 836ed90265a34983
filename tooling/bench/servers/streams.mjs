/** Our sockets, on the driver that NET_LOOP_DRIVER names. */
import { createServer } from '@net/node';
import { announce, place, portOf } from './control.mjs';
import { serveSocket } from './stream.mjs';

const server = createServer(serveSocket);
server.listen(place, () => announce(portOf(server.address()), { driver: process.env['NET_LOOP_DRIVER'] }));
