/** The `lookup` option and the event of that name. */
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import type { Socket } from 'node:net';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

type Answer = (...values: unknown[]) => void;

const events = ['lookup', 'connectionAttempt', 'connect', 'error', 'close'];

function connect(net: Net, recorder: Recorder, options: Record<string, unknown>): Socket {
	const socket = recorder.own(Reflect.apply(net.connect, net, [{ host: 'example.test', ...options }]));
	recorder.events(socket, events);
	return socket;
}

scenario('it is called with the name and the options', async (net, recorder) => {
	const server = await recorder.serve(net);
	const lookup = (name: string, options: object, answer: Answer): void => {
		recorder.log('called', name, options, typeof answer);
		answer(null, [{ address: '127.0.0.1', family: 4 }]);
	};
	await recorder.once(connect(net, recorder, { port: server.port, lookup }), 'connect');
});

scenario('hints and family are passed through', async (net, recorder) => {
	const server = await recorder.serve(net);
	const { ADDRCONFIG } = await import('node:dns');
	recorder.alias(ADDRCONFIG, 'ADDRCONFIG');
	const lookup = (name: string, options: object, answer: Answer): void => {
		recorder.log('called', name, options);
		answer(null, '127.0.0.1', 4);
	};
	for (const more of [{ family: 4 }, { family: 'IPv4' }, { hints: ADDRCONFIG, family: 4 }]) {
		const socket = connect(net, recorder, { port: server.port, lookup, autoSelectFamily: false, ...more });
		await recorder.once(socket, 'connect');
	}
});

scenario('an answer at once, inside connect', async (net, recorder) => {
	const server = await recorder.serve(net);
	const lookup = (_name: string, _options: object, answer: Answer): void => answer(null, '127.0.0.1', 4);
	const socket = connect(net, recorder, { port: server.port, lookup, autoSelectFamily: false });
	recorder.log('at once', socket.connecting);
	await recorder.once(socket, 'connect');
});

scenario('an error of the lookup', async (net, recorder) => {
	for (const autoSelectFamily of [true, false]) {
		const lookup = (_name: string, _options: object, answer: Answer): void => {
			process.nextTick(
				answer,
				Object.assign(new Error('no such name'), { code: 'ENOTFOUND', hostname: 'example.test' }),
			);
		};
		await recorder.once(connect(net, recorder, { port: 1, lookup, autoSelectFamily }), 'close');
	}
});

scenario('an answer that is no address', async (net, recorder) => {
	for (const address of ['not an address', '', undefined, 5]) {
		const lookup = (_name: string, _options: object, answer: Answer): void =>
			process.nextTick(answer, null, address, 4);
		await recorder.once(connect(net, recorder, { port: 1, lookup, autoSelectFamily: false }), 'close');
	}
});

scenario('an answer of a wrong family', async (net, recorder) => {
	for (const family of [0, 5, 'IPv4', undefined]) {
		const lookup = (_name: string, _options: object, answer: Answer): void =>
			process.nextTick(answer, null, '127.0.0.1', family);
		const socket = connect(net, recorder, { port: 1, lookup, autoSelectFamily: false });
		await recorder.once(socket, 'close');
	}
});

scenario('an answer after destroy changes nothing', async (net, recorder) => {
	const server = await recorder.serve(net, () => recorder.log('connection'));
	let late: Answer | undefined;
	const lookup = (_name: string, _options: object, answer: Answer): void => void (late = answer);
	const socket = connect(net, recorder, { port: server.port, lookup });
	socket.destroy();
	await recorder.once(socket, 'close');
	recorder.log('answered late');
	late?.(null, [{ address: '127.0.0.1', family: 4 }]);
	await recorder.rounds(3);
});

scenario('an error after destroy changes little', async (net, recorder) => {
	let late: Answer | undefined;
	const lookup = (_name: string, _options: object, answer: Answer): void => void (late = answer);
	const socket = connect(net, recorder, { port: 1, lookup, autoSelectFamily: false });
	socket.destroy();
	await recorder.once(socket, 'close');
	late?.(new Error('too late'));
	await recorder.rounds(3);
});

scenario('an exception in the lookup is thrown by connect', (net, recorder) => {
	const lookup = (): void => {
		throw new Error('broken lookup');
	};
	recorder.attempt('connect', () => invoke(net, 'connect', [{ port: 1, host: 'example.test', lookup }]) !== null);
});

scenario('an address needs no lookup', async (net, recorder) => {
	const server = await recorder.serve(net);
	const lookup = (): void => recorder.log('called');
	await recorder.once(connect(net, recorder, { port: server.port, host: '127.0.0.1', lookup }), 'connect');
});

scenario('a path needs no lookup', async (net, recorder) => {
	const path = recorder.path('lookup.sock');
	await recorder.serve(net, undefined, { listen: { path } });
	const lookup = (): void => recorder.log('called');
	await recorder.once(connect(net, recorder, { path, lookup }), 'connect');
});

scenario('localhost through the resolver', async (net, recorder) => {
	const server = await recorder.serve(net);
	const socket = recorder.own(net.connect({ port: server.port, host: 'localhost', family: 4 }));
	recorder.events(socket, ['connect', 'error']);
	const [error, address, family, host] = await recorder.once(socket, 'lookup');
	recorder.log('lookup', error, address, family, host);
	await recorder.once(socket, 'connect');
});

scenario('what is written while the name is looked up waits', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.pipe(socket));
	let answerLater: Answer | undefined;
	const lookup = (_name: string, _options: object, answer: Answer): void => void (answerLater = answer);
	const socket = connect(net, recorder, { port: server.port, lookup });
	recorder.log('write', socket.write('patience'), socket.bufferSize, socket.bytesWritten, socket.readyState);
	await recorder.rounds(2);
	answerLater?.(null, [{ address: '127.0.0.1', family: 4 }]);
	recorder.log('echo', await recorder.received(socket, 8));
});

scenario('a lookup that fails: error, what its listener put off, then close', async (net, recorder) => {
	const failing = (
		_host: string,
		_options: object,
		callback: (error: Error, address: string, family: number) => void,
	) => callback(new Error('no such name'), '', 0);
	// Off to the phase of timers, with which a round of the loop begins.
	await new Promise((resolve) => setTimeout(resolve, 0));
	const client = recorder.own(net.connect({ port: 1, host: 'example.test', lookup: failing }));
	recorder.events(client, ['error', 'close']);
	client.on('error', () => setImmediate(() => recorder.log('immediate')));
	await recorder.once(client, 'close');
	await recorder.rounds(2);
});
