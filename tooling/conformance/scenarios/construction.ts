/** Making sockets and servers: with and without new, subclasses, util.inherits, foreign this. */
import { inherits } from 'node:util';
import { Duplex } from 'node:stream';
import { scenario } from '../src/scenario.ts';

scenario('Socket and Server without new', async (net, recorder) => {
	const socket: unknown = Reflect.apply(net.Socket, undefined, []);
	recorder.log('socket', socket instanceof net.Socket);
	const server: unknown = Reflect.apply(net.Server, undefined, [() => {}]);
	recorder.log('server', server instanceof net.Server);
	if (server instanceof net.Server) recorder.log('listeners', server.listenerCount('connection'));
	recorder.attempt('with options', () => Reflect.apply(net.Socket, undefined, [{ allowHalfOpen: true }]).allowHalfOpen);
});

scenario('new Server with and without options and listener', (net, recorder) => {
	const listener = (): void => {};
	recorder.log('listener', new net.Server(listener).listenerCount('connection'));
	recorder.log('options', new net.Server({ allowHalfOpen: true }, listener).listenerCount('connection'));
	recorder.log('nothing', new net.Server().listenerCount('connection'));
	recorder.log('createServer', net.createServer(listener) instanceof net.Server);
});

scenario('a class that extends Socket', async (net, recorder) => {
	class Tagged extends net.Socket {
		readonly tag: string;
		constructor(tag: string) {
			super({ allowHalfOpen: true });
			this.tag = tag;
		}
		hello(): string {
			return `${this.tag} ${this.readyState}`;
		}
	}
	const server = await recorder.serve(net, (socket) => socket.end('for a subclass'));
	const socket = recorder.own(new Tagged('mine'));
	recorder.log('is', socket instanceof net.Socket, socket instanceof Duplex, socket.hello(), socket.constructor.name);
	socket.connect(server.port, '127.0.0.1');
	recorder.log('text', await recorder.text(socket));
	recorder.log('half-open', socket.writable);
	socket.end();
	await recorder.once(socket, 'close');
});

scenario('a class that extends Server', async (net, recorder) => {
	class Counting extends net.Server {
		count = 0;
		constructor() {
			super((socket) => {
				this.count++;
				socket.end(String(this.count));
			});
		}
	}
	const server = recorder.own(new Counting());
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const address = server.address();
	const client = recorder.own(
		net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1'),
	);
	recorder.log('text', await recorder.text(client));
	recorder.log('is', server instanceof net.Server, server.count);
});

scenario('util.inherits and call', async (net, recorder) => {
	function Old(this: object, options: object): void {
		Reflect.apply(net.Socket, this, [options]);
	}
	inherits(Old, net.Socket);
	const old: unknown = Reflect.construct(Old, [{ allowHalfOpen: true }]);
	recorder.log('is', old instanceof net.Socket);
	if (!(old instanceof net.Socket)) return;
	recorder.log('state', recorder.state(old));
	const server = await recorder.serve(net, (socket) => socket.end('for inherits'));
	recorder.own(old).connect(server.port, '127.0.0.1');
	recorder.log('text', await recorder.text(old));
	old.destroy();
	await recorder.once(old, 'close');
});

scenario('util.inherits of Server', async (net, recorder) => {
	function Old(this: object, listener: () => void): void {
		Reflect.apply(net.Server, this, [{ allowHalfOpen: true }, listener]);
	}
	inherits(Old, net.Server);
	const old: unknown = Reflect.construct(Old, [() => recorder.log('connection')]);
	if (!(old instanceof net.Server)) return recorder.log('no server');
	recorder.own(old).listen(0, '127.0.0.1');
	await recorder.once(old, 'listening');
	const address = old.address();
	const accepted = recorder.once(old, 'connection');
	recorder.own(net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')).resume();
	const [peer] = await accepted;
	recorder.log('half-open', peer instanceof net.Socket && peer.allowHalfOpen);
	if (peer instanceof net.Socket) peer.destroy();
});

scenario('methods of a subclass replace those of Socket', async (net, recorder) => {
	class Upper extends net.Socket {
		override end(...values: unknown[]): this {
			recorder.log('end called', values.length);
			return Reflect.apply(super.end, this, values);
		}
		override destroy(error?: Error): this {
			recorder.log('destroy called', error);
			return super.destroy(error);
		}
	}
	const server = await recorder.serve(net, (socket) => socket.resume());
	const socket = recorder.own(new Upper());
	socket.resume();
	socket.connect(server.port, '127.0.0.1', () => socket.end('x'));
	await recorder.once(socket, 'close');
});

scenario('instanceof of sockets that a server and connect made', async (net, recorder) => {
	const { client, peer, server, closed } = await recorder.pair(net);
	for (const [name, value] of [
		['client', client],
		['peer', peer],
	] as const) {
		recorder.log(name, value instanceof net.Socket, value instanceof Duplex, value.constructor === net.Socket);
	}
	recorder.log('server', server instanceof net.Server, server.constructor === net.Server);
	client.destroy();
	peer.resume();
	await closed();
});

scenario('options of new Socket of wrong types', (net, recorder) => {
	// A number would be taken for a descriptor.
	for (const options of [
		'x',
		true,
		[],
		{ fd: 'x' },
		{ fd: -1 },
		{ fd: 1.5 },
		{ objectMode: true },
		{ readableObjectMode: true },
		{ writableObjectMode: true },
	]) {
		recorder.attempt(`new Socket ${recorder.names.show(options)}`, () => {
			const socket: unknown = Reflect.construct(net.Socket, [options]);
			return socket instanceof net.Socket;
		});
	}
});

scenario('sockets and servers are event emitters with the usual limits', (net, recorder) => {
	const socket = new net.Socket();
	recorder.log('socket', socket.getMaxListeners(), socket.eventNames());
	const server = net.createServer(() => {});
	recorder.log('server', server.getMaxListeners(), server.eventNames());
});

scenario('_read of a subclass is told how much the stream has room for', async (net, recorder) => {
	class Reader extends net.Socket {
		override _read(size: number): void {
			recorder.log('_read', size);
			super._read(size);
		}
	}
	const server = await recorder.serve(net, (peer) => peer.end());
	const options: Record<string, unknown> = { highWaterMark: 4096 };
	const client = recorder.own(new Reader(options));
	client.connect(server.port, '127.0.0.1').resume();
	await recorder.once(client, 'close');
});
