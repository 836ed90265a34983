/** The onread option: a buffer of one's own instead of data events. */
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import type { Socket } from 'node:net';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** Connects with `onread`; the server's end is `peer`. */
async function open(net: Net, recorder: Recorder, onread: object): Promise<{ client: Socket; peer: Socket }> {
	const server = await recorder.serve(net);
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(Reflect.apply(net.connect, net, [{ port: server.port, host: '127.0.0.1', onread }]));
	await recorder.once(client, 'connect');
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) throw new Error('no socket');
	return { client, peer: recorder.own(peer) };
}

scenario('a fixed buffer: the callback gets the length and that buffer', async (net, recorder) => {
	const buffer = Buffer.alloc(64);
	let text = '';
	const { client, peer } = await open(net, recorder, {
		buffer,
		callback(length: number, given: Buffer) {
			text += given.toString('utf8', 0, length);
			recorder.log('the same buffer', given === buffer, typeof length);
			return true;
		},
	});
	client.on('data', () => recorder.log('data event'));
	client.on('end', () => recorder.log('end'));
	peer.end('hello onread');
	await recorder.once(client, 'close');
	recorder.log('text', text, client.bytesRead);
});

scenario('a buffer smaller than the data', async (net, recorder) => {
	let text = '';
	let longest = 0;
	const { client, peer } = await open(net, recorder, {
		buffer: Buffer.alloc(4),
		callback(length: number, given: Buffer) {
			longest = Math.max(longest, length);
			text += given.toString('latin1', 0, length);
		},
	});
	peer.end('abcdefghijkl');
	await recorder.once(client, 'close');
	recorder.log('text', text, longest, client.bytesRead);
});

scenario('a function that returns a buffer', async (net, recorder) => {
	let made = 0;
	let text = '';
	const { client, peer } = await open(net, recorder, {
		buffer() {
			made++;
			return Buffer.alloc(16);
		},
		callback(length: number, given: Buffer) {
			text += given.toString('latin1', 0, length);
			recorder.log('length of the buffer', given.length);
		},
	});
	peer.end('from a function');
	await recorder.once(client, 'close');
	recorder.log('text', text, made > 0);
});

scenario('a Uint8Array', async (net, recorder) => {
	const buffer = new Uint8Array(32);
	let text = '';
	const { client, peer } = await open(net, recorder, {
		buffer,
		callback(length: number, given: Uint8Array) {
			recorder.log('the same', given === buffer);
			text += Buffer.from(given.subarray(0, length)).toString();
		},
	});
	peer.end('array');
	await recorder.once(client, 'close');
	recorder.log('text', text);
});

scenario('returning false pauses, resume goes on', async (net, recorder) => {
	let text = '';
	let calls = 0;
	const { client, peer } = await open(net, recorder, {
		buffer: Buffer.alloc(4),
		callback(length: number, given: Buffer) {
			text += given.toString('latin1', 0, length);
			calls++;
			return calls !== 1;
		},
	});
	peer.write('abcdefgh');
	while (calls === 0) await recorder.rounds(1);
	await recorder.rounds(5);
	recorder.log('paused', text, calls, client.isPaused());
	client.resume();
	peer.end();
	await recorder.once(client, 'close');
	recorder.log('all', text);
});

scenario('pause and resume by hand', async (net, recorder) => {
	let text = '';
	const { client, peer } = await open(net, recorder, {
		buffer: Buffer.alloc(64),
		callback(length: number, given: Buffer) {
			text += given.toString('latin1', 0, length);
		},
	});
	client.pause();
	peer.write('held');
	await recorder.rounds(5);
	recorder.log('while paused', text, client.isPaused());
	client.resume();
	peer.end();
	await recorder.once(client, 'close');
	recorder.log('all', text);
});

scenario('an exception in the callback is uncaught', async (net, recorder) => {
	const { client, peer } = await open(net, recorder, {
		buffer: Buffer.alloc(64),
		callback() {
			throw new Error('broken callback');
		},
	});
	peer.write('x');
	const uncaught = new Promise<void>((resolve) => process.once('uncaughtException', () => resolve()));
	await uncaught;
	recorder.log('destroyed', client.destroyed);
	client.destroy();
	await recorder.once(client, 'close');
});

for (const broken of ['the callback', 'the function that returns a buffer']) {
	scenario(`exceptions in ${broken} lose nothing of what came`, async (net, recorder) => {
		let text = '';
		let calls = 0;
		let uncaught = 0;
		const onUncaught = (): void => void uncaught++;
		process.on('uncaughtException', onUncaught);
		/** Throws at each third call of what is broken. */
		const fail = (which: string): void => {
			if (which === broken && ++calls % 3 === 0) throw new Error(which);
		};
		const { client, peer } = await open(net, recorder, {
			buffer() {
				fail('the function that returns a buffer');
				return Buffer.alloc(4);
			},
			callback(length: number, given: Buffer) {
				text += given.toString('latin1', 0, length);
				fail('the callback');
			},
		});
		peer.end('abcdefghijklmnopqrstuvwxyz');
		await recorder.once(client, 'close');
		process.off('uncaughtException', onUncaught);
		recorder.log('text', text, client.bytesRead, uncaught > 0);
	});
}

scenario('wrong forms', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('x'));
	const forms: unknown[] = [5, {}, { buffer: 5, callback() {} }, { buffer: Buffer.alloc(4) }, { callback() {} }, null];
	for (const onread of forms) {
		recorder.attempt(`onread ${recorder.names.show(onread)}`, () => {
			const options = { port: server.port, host: '127.0.0.1', onread };
			const socket: unknown = invoke(net, 'connect', [options]);
			if (socket instanceof net.Socket)
				recorder
					.own(socket)
					.on('error', () => {})
					.resume();
			return socket instanceof net.Socket;
		});
	}
	await recorder.rounds(3);
});

scenario('with the options of new Socket', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('to a Socket'));
	let text = '';
	const onread = {
		buffer: Buffer.alloc(64),
		callback(length: number, given: Uint8Array) {
			text += Buffer.from(given.subarray(0, length)).toString();
			return true;
		},
	};
	const options: Record<string, unknown> = { onread };
	const socket = recorder.own(new net.Socket(options));
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'close');
	recorder.log('text', text);
});

scenario('the callback has the socket as this, the function nothing', async (net, recorder) => {
	const thises: unknown[] = [];
	const { client, peer } = await open(net, recorder, {
		buffer(this: unknown) {
			thises.push(this);
			return Buffer.alloc(16);
		},
		callback(this: unknown) {
			thises.push(this);
		},
	});
	peer.end('x');
	await recorder.once(client, 'close');
	recorder.log(
		'this',
		thises.map((each) => each === client || each),
	);
});

for (const [name, later] of [
	['from the start', false],
	['after a piece', true],
] as const) {
	scenario(`memory of no length ${name}: ENOBUFS`, async (net, recorder) => {
		let asked = 0;
		const { client, peer } = await open(net, recorder, {
			buffer: () => Buffer.alloc(later && asked++ === 0 ? 16 : 0),
			callback(length: number) {
				recorder.log('callback', length);
				peer.write('y');
			},
		});
		recorder.events(client, ['data', 'end', 'error', 'close']);
		peer.on('error', () => {});
		peer.write('x');
		await recorder.once(client, 'close');
	});
}

scenario('a function that gives no memory', async (net, recorder) => {
	const { client, peer } = await open(net, recorder, {
		buffer: () => 5,
		callback(...given: unknown[]) {
			recorder.log('callback', ...given);
		},
	});
	recorder.events(client, ['data', 'end', 'error', 'close']);
	peer.on('error', () => {});
	peer.end('x');
	await recorder.once(client, 'close');
});
