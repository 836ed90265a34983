// Run by fd.test.ts: descriptor 3 is one end of a socket pair.
import { Socket } from '@net/socket';

const socket = new Socket({ fd: 3 });
socket.on('data', (chunk) => socket.end(`got ${chunk}`));
