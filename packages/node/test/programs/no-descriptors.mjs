// Has no descriptor left while connections are to change hands; nothing is lost, and all works when there are some again.
import { once } from 'node:events';
import host from 'node:net';

import { takeDescriptors } from '@tooling/test/descriptors';
import net from '@net/node';
import { toNodeServer, toNodeSocket } from '@net/node/processes';

const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const accepted = once(server, 'connection');
const far = host.connect(port, '127.0.0.1');
const [near] = await accepted;

const hostServer = host.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
await once(hostServer, 'listening');
const hostAccepted = once(hostServer, 'connection');
const hostFar = host.connect(hostServer.address().port, '127.0.0.1');
const [hostNear] = await hostAccepted;

const giveBack = takeDescriptors();

const told = [];
let moved;
try {
	moved = await toNodeSocket(near);
} catch (error) {
	told.push(`${error.syscall} ${error.code}`);
}
let socket;
try {
	socket = new net.Socket({ handle: hostNear });
} catch (error) {
	told.push(`${error.syscall} ${error.code}`);
}
let twin;
try {
	twin = toNodeServer(server);
} catch (error) {
	told.push(`${error.syscall} ${error.code}`);
}
giveBack();

// What failed can be had now; what did not is there.
moved ??= await toNodeSocket(near);
socket ??= new net.Socket({ handle: hostNear });
twin ??= toNodeServer(server);
for (const [ours, theirs] of [
	[moved, far],
	[socket, hostFar],
]) {
	theirs.end('there');
	ours.resume().on('data', (chunk) => ours.end(`${chunk} and back`));
	theirs.on('data', (chunk) => console.log(String(chunk)));
	await once(theirs, 'close');
}
console.log(twin.listening);
server.close();
hostServer.close();
console.log(told.join(', '));
