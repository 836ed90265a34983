/** What a lookup may be asked, and may answer. */
import type { Socket } from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

type Callback = (...answer: unknown[]) => void;

const events = ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connect', 'error', 'close'];

/** Connects to a name; the lookup's question is recorded, and `answer` answers it. */
function ask(net: Net, recorder: Recorder, options: object, answer: (callback: Callback) => void): Socket {
	const lookup = (name: string, asked: object, callback: Callback): void => {
		recorder.log('asked', name, asked);
		process.nextTick(answer, callback);
	};
	const socket: Socket = Reflect.apply(net.connect, net, [{ port: 1, host: 'example.test', lookup, ...options }]);
	recorder.events(recorder.own(socket), events);
	return socket;
}

/** One answer to one question; what the socket makes of it. */
function answered(sentence: string, options: object, ...answer: unknown[]): void {
	scenario(sentence, async (net, recorder) => {
		const server = await recorder.serve(net, (peer) => peer.end());
		const socket = ask(net, recorder, { port: server.port, ...options }, (callback) => callback(...answer));
		socket.resume();
		await recorder.once(socket, 'close');
	});
}

const one = { autoSelectFamily: false };
const all = { autoSelectFamily: true };
const v4 = { address: '127.0.0.1', family: 4 };

answered('one address of IPv4', one, null, '127.0.0.1', 4);
answered('one address, asked for IPv4 by number', { family: 4 }, null, '127.0.0.1', 4);
answered('one address, asked for IPv4 by name', { family: 'IPv4' }, null, '127.0.0.1', 4);
answered('one address, asked for IPv6 by number', { family: 6 }, null, '127.0.0.1', 4);
answered('family 0 asks for all', { family: 0 }, null, [v4]);
answered('hints are passed on', { ...one, hints: 1024 }, null, '127.0.0.1', 4);
answered('a family that is a text', one, null, '127.0.0.1', '4');
answered('a family of IPv4 in words', one, null, '127.0.0.1', 'IPv4');
answered('no family', one, null, '127.0.0.1');
answered('family 5', one, null, '127.0.0.1', 5);
answered('no address', one, null);
answered('an empty address', one, null, '', 4);
answered('a number for an address', one, null, 2_130_706_433, 4);
answered('a name for an address', one, null, 'localhost', 4);
answered('an error and an address', one, Object.assign(new Error('no'), { code: 'EAI_AGAIN' }), '127.0.0.1', 4);
answered('an error that is a text', one, 'no such name');
answered('undefined for no error', one, undefined, '127.0.0.1', 4);
answered('all: one address', all, null, [v4]);
answered('all: the same address twice is one', all, null, [v4, { ...v4 }]);
answered('all: an error', all, Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
answered('all: only addresses that are none', all, null, [
	{ address: 'x', family: 4 },
	{ address: '', family: 6 },
]);
answered('all: only families that are none', all, null, [
	{ address: '127.0.0.1', family: 5 },
	{ address: '::1', family: 'IPv6' },
]);
answered('all: a good one among bad ones', all, null, [{ address: 'x', family: 4 }, v4, { address: '::1', family: 7 }]);
answered('all with localAddress asks for one', { ...all, localAddress: '127.0.0.1' }, null, '127.0.0.1', 4);

for (const [name, autoSelectFamily] of [
	['one address', false],
	['all', true],
] as const) {
	scenario(`${name}: of another family than it is said to be`, async (net, recorder) => {
		const server = await recorder.serve(net, (peer) => peer.end());
		for (const [address, family] of [
			['127.0.0.1', 6],
			['::1', 4],
		] as const) {
			const options = { ...one, port: server.port, autoSelectFamily };
			const socket = ask(net, recorder, options, (callback) => {
				if (autoSelectFamily) callback(null, [{ address, family }]);
				else callback(null, address, family);
			});
			socket.resume();
			await recorder.once(socket, 'close');
		}
	});
}

scenario('all: no address at all', async (net, recorder) => {
	const uncaught = (error: Error): void => recorder.log('uncaught', error.name);
	process.once('uncaughtException', uncaught);
	const socket = ask(net, recorder, all, (callback) => callback(null, []));
	await recorder.rounds(3);
	process.off('uncaughtException', uncaught);
	recorder.log('connecting', socket.connecting);
});

scenario('an answer that comes twice counts once', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const socket = ask(net, recorder, { port: server.port, ...one }, (callback) => {
		callback(null, '127.0.0.1', 4);
		setImmediate(callback, null, '127.0.0.1', 4);
	});
	socket.resume();
	await recorder.once(socket, 'close');
	await recorder.rounds(3);
});

scenario('an address, and a lookup that is none: it is not asked', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const socket: Socket = Reflect.apply(net.connect, net, [{ port: server.port, host: '127.0.0.1', lookup: 5 }]);
	recorder.events(recorder.own(socket).resume(), events);
	await recorder.once(socket, 'close');
});

scenario('destroyed in the lookup listener: no attempt', async (net, recorder) => {
	const socket = ask(net, recorder, one, (callback) => callback(null, '127.0.0.1', 4));
	socket.on('lookup', () => socket.destroy());
	await recorder.once(socket, 'close');
	await recorder.rounds(2);
});

scenario('destroyed in the connectionAttempt listener: no connection', async (net, recorder) => {
	const server = await recorder.serve(net, () => recorder.log('accepted'));
	const socket = ask(net, recorder, { port: server.port, ...one }, (callback) => callback(null, '127.0.0.1', 4));
	socket.on('connectionAttempt', () => socket.destroy());
	await recorder.once(socket, 'close');
	await recorder.rounds(3);
});
