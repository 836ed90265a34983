/** Automatic selection of the family: several addresses of one name, tried in turn. */
import type { NetConnectOpts, Socket } from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

type Answer = { address: string; family: number };
type Callback = (error: Error | null, addresses: Answer[]) => void;

const events = [
	'lookup',
	'connectionAttempt',
	'connectionAttemptFailed',
	'connectionAttemptTimeout',
	'connect',
	'ready',
	'error',
	'close',
];

/** Connects to a name that resolves to these. */
function connectTo(
	net: Net,
	recorder: Recorder,
	port: number,
	answers: readonly Answer[],
	options: Partial<NetConnectOpts> = {},
): Socket {
	const lookup = (_name: string, _options: object, callback: Callback): void => {
		process.nextTick(callback, null, [...answers]);
	};
	// The type of `lookup` in @types/node has the form of one address only.
	const all: Record<string, unknown> = {
		port,
		host: 'example.test',
		lookup,
		autoSelectFamily: true,
		// An attempt must not time out because the machine is busy.
		autoSelectFamilyAttemptTimeout: 60_000,
		...options,
	};
	const socket = recorder.own(Reflect.apply(net.connect, net, [all]));
	recorder.events(socket, events);
	return socket;
}

const v4: Answer = { address: '127.0.0.1', family: 4 };
const v6: Answer = { address: '::1', family: 6 };

async function attempted(recorder: Recorder, socket: Socket, last: string): Promise<void> {
	await recorder.once(socket, last);
	recorder.log('attempted', Reflect.get(socket, 'autoSelectFamilyAttemptedAddresses'));
}

scenario('the first address answers: no other is tried', async (net, recorder) => {
	const server = await recorder.serve(net);
	await attempted(recorder, connectTo(net, recorder, server.port, [v4, v6]), 'ready');
});

scenario('the first refuses: the second is tried', async (net, recorder) => {
	const server = await recorder.serve(net);
	await attempted(recorder, connectTo(net, recorder, server.port, [v6, v4]), 'ready');
});

scenario('families alternate, beginning with that of the first', async (net, recorder) => {
	const server = await recorder.serve(net);
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	const answers = [v6, { address: '::2', family: 6 }, v4, { address: '127.0.0.2', family: 4 }];
	const socket = connectTo(
		net,
		recorder,
		server.port,
		answers.filter(({ address }) => address !== '::2'),
	);
	await attempted(recorder, socket, 'close');
});

scenario('all refuse: an AggregateError', async (net, recorder) => {
	const server = await recorder.serve(net);
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	const socket = connectTo(net, recorder, server.port, [v6, v4]);
	const [error] = await recorder.once(socket, 'error');
	if (error instanceof AggregateError) {
		recorder.log('code', Reflect.get(error, 'code'), error.message, error.name, error.errors.length);
		for (const each of error.errors) recorder.log('one', each);
	}
	await attempted(recorder, socket, 'close');
});

scenario('one address only: a plain error', async (net, recorder) => {
	const server = await recorder.serve(net);
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	await attempted(recorder, connectTo(net, recorder, server.port, [v4]), 'close');
});

scenario('switched off: only the first is tried', async (net, recorder) => {
	const server = await recorder.serve(net);
	const lookup = (_name: string, options: { all?: boolean }, callback: (...values: unknown[]) => void): void => {
		recorder.log('all', options.all);
		process.nextTick(callback, null, '127.0.0.1', 4);
	};
	const socket = recorder.own(
		Reflect.apply(net.connect, net, [{ port: server.port, host: 'example.test', lookup, autoSelectFamily: false }]),
	);
	recorder.events(socket, events);
	await attempted(recorder, socket, 'ready');
});

scenario('with a family the lookup is asked for that one', async (net, recorder) => {
	const server = await recorder.serve(net);
	const lookup = (name: string, options: object, callback: (...values: unknown[]) => void): void => {
		recorder.log('lookup called', name, options);
		process.nextTick(callback, null, '127.0.0.1', 4);
	};
	const socket = recorder.own(
		Reflect.apply(net.connect, net, [{ port: server.port, host: 'example.test', lookup, family: 4 }]),
	);
	recorder.events(socket, events);
	await attempted(recorder, socket, 'ready');
});

scenario('a bad address in the answer', async (net, recorder) => {
	const server = await recorder.serve(net);
	await attempted(recorder, connectTo(net, recorder, server.port, [{ address: 'x', family: 4 }]), 'close');
});

scenario('a bad family in the answer is left out', async (net, recorder) => {
	const server = await recorder.serve(net);
	await attempted(recorder, connectTo(net, recorder, server.port, [{ address: '1.2.3.4', family: 5 }, v4]), 'ready');
});

scenario('destroyed between two attempts: no further attempt', async (net, recorder) => {
	const server = await recorder.serve(net);
	const socket = connectTo(net, recorder, server.port, [v6, v4]);
	socket.on('connectionAttemptFailed', () => socket.destroy());
	await attempted(recorder, socket, 'close');
	await recorder.rounds(3);
});

scenario('after a second attempt the socket works as any other', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.pipe(socket));
	const socket = connectTo(net, recorder, server.port, [v6, v4]);
	socket.on('connect', () => socket.end('round trip'));
	recorder.log('text', await recorder.text(socket));
	recorder.log('remote', socket.remoteAddress, socket.remoteFamily);
});
