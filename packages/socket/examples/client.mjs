// The client of the manual's echo server. Run: `node examples/client.mjs 8124`.
import { connect } from '@net/socket';

const port = Number(process.argv[2] ?? 8124);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
	console.error(`a port is a number from 0 to 65535, not '${process.argv[2]}'`);
	process.exit(2);
}

const socket = connect(port, '127.0.0.1', () => {
	console.log('connected to server!');
	socket.write('world!\r\n');
});
socket.setEncoding('utf8');
let text = '';
socket.on('data', (chunk) => {
	text += chunk;
	process.stdout.write(chunk);
	if (text.endsWith('world!\r\n')) socket.end();
});
socket.on('end', () => console.log('disconnected from server'));
socket.on('error', (error) => {
	console.error(error.message);
	process.exitCode = 1;
});
