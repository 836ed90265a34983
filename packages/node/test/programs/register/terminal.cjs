// In a terminal: whose are its streams, and do they print.
const net = require('net');
const tty = require('tty');

console.log(
	process.stdout.isTTY,
	process.stdout instanceof tty.WriteStream,
	process.stdout instanceof net.Socket,
	'flush' in process.stdout,
);
console.log(
	process.stdin.isTTY,
	process.stdin instanceof tty.ReadStream,
	process.stdin instanceof net.Socket,
	process.stdout.columns >= 0,
);
process.stdin.setRawMode(true).setRawMode(false);
process.stdin.destroy();
