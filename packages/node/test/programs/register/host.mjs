// On hosts that are not Node: registering changes nothing.
import net from 'node:net';

const before = net.Socket;
const { unregister } = await import('@net/node/register');
unregister();
console.log(JSON.stringify({ same: net.Socket === before, ours: 'flush' in new net.Socket() }));
