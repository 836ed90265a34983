// On hosts that are not Node: registering changes nothing.
import net from 'node:net';

const before = net.Socket;
await import('@net/node/register');
console.log(JSON.stringify({ same: net.Socket === before, ours: 'flush' in new net.Socket() }));
