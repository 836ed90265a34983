/** A web server as people have it: unmodified fastify, over node:net or, behind register, over ours. */
import Fastify from 'fastify';
import { announce, countAnswer, place, portOf } from './control.mjs';

const app = Fastify();
app.get('/', async () => {
	countAnswer();
	return { hello: 'world' };
});
await app.listen(place);
// A TCPServerWrap among them is Node's.
announce(portOf(app.server.address()), { resources: process.getActiveResourcesInfo() });
