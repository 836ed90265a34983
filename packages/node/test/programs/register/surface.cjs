// What a program of CommonJS sees of `net`, by every way to it.
const net = require('net');

async function main() {
	const named = await import('node:net');
	const socket = new net.Socket();
	class Sub extends net.Socket {}
	console.log(
		JSON.stringify({
			ours: 'flush' in socket,
			one: [require('node:net'), named.default, process.getBuiltinModule?.('net') ?? net].every((each) => each === net),
			names: Object.keys(net).filter((name) => name in named && named[name] !== net[name]),
			stream: net.Stream === net.Socket,
			called: net.Socket() instanceof net.Socket && net.Server() instanceof net.Server,
			constructed: [socket.constructor === net.Socket, net.Socket.name, net.Server.name, net.Socket.length],
			sub: [
				new Sub() instanceof Sub,
				new Sub() instanceof net.Socket,
				socket instanceof Sub,
				new Sub().constructor.name,
			],
			stdio: [process.stdout instanceof net.Socket, process.stdout instanceof Sub, process.stdin instanceof net.Socket],
			writable: Reflect.getOwnPropertyDescriptor(net, 'connect')?.writable,
		}),
	);
	process.stdin.destroy();
}
void main();
