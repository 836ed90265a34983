/** setNoDelay, setKeepAlive, type of service, and the options of those names. */
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('setNoDelay returns the socket, in every state', async (net, recorder) => {
	const early = new net.Socket();
	recorder.log('before', early.setNoDelay() === early, early.setNoDelay(false) === early);
	const { client, peer, closed } = await recorder.pair(net);
	for (const value of [undefined, true, false, 1, 0, 'x']) {
		recorder.attempt(`setNoDelay(${String(value)})`, () => invoke(client, 'setNoDelay', [value]) === client);
	}
	peer.resume();
	client.destroy();
	recorder.log('destroyed', client.setNoDelay() === client);
	await closed();
});

scenario('setKeepAlive returns the socket, in every state', async (net, recorder) => {
	const early = new net.Socket();
	recorder.log('before', early.setKeepAlive(true, 2000) === early);
	const { client, peer, closed } = await recorder.pair(net);
	const forms: unknown[][] = [
		[],
		[true],
		[true, 5000],
		[true, 5000, 3000, 4],
		[false],
		[{ enable: true, initialDelay: 4000, interval: 2000, count: 3 }],
		[{}],
		[1],
		['x'],
	];
	for (const values of forms) {
		recorder.attempt(
			`setKeepAlive ${recorder.names.show(values)}`,
			() => invoke(client, 'setKeepAlive', values) === client,
		);
	}
	peer.resume();
	client.destroy();
	recorder.log('destroyed', client.setKeepAlive(true) === client);
	await closed();
});

scenario('wrong times and counts of setKeepAlive', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	const forms: unknown[][] = [
		[true, -1],
		[true, 'x'],
		[true, 5000, -1],
		[true, 5000, 'x'],
		[true, 5000, 3000, -1],
		[true, 5000, 3000, 'x'],
		[{ enable: 'x' }],
		[{ enable: true, initialDelay: 'x' }],
		[{ enable: true, interval: -5000 }],
		[{ enable: true, count: 'x' }],
		[null],
	];
	for (const values of forms) {
		recorder.attempt(
			`setKeepAlive ${recorder.names.show(values)}`,
			() => invoke(client, 'setKeepAlive', values) === client,
		);
	}
	client.destroy();
	await closed();
});

// Once a process, hence in one of its own.
scenario(
	'a keep-alive time below a second warns once',
	async (net, recorder) => {
		const { client, peer, closed } = await recorder.pair(net);
		peer.resume();
		process.on('warning', (warning: Error) => recorder.log('warning', warning.name, warning.message));
		invoke(client, 'setKeepAlive', [true, 500]);
		invoke(client, 'setKeepAlive', [true, 5000, 500]);
		await recorder.rounds(2);
		invoke(client, 'setKeepAlive', [true, 400]);
		await recorder.rounds(2);
		client.destroy();
		await closed();
	},
	{ process: 'own' },
);

scenario('type of service: set and get', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	recorder.call(client, 'getTypeOfService');
	recorder.attempt('set', () => invoke(client, 'setTypeOfService', [0x10]) === client);
	recorder.call(client, 'getTypeOfService');
	for (const wrong of [-1, 256, 1.5, 'x', undefined, null, NaN]) recorder.call(client, 'setTypeOfService', wrong);
	recorder.call(client, 'getTypeOfService');
	client.destroy();
	await closed();
	recorder.call(client, 'getTypeOfService');
	recorder.attempt('set after close', () => invoke(client, 'setTypeOfService', [0x10]) === client);
});

scenario('type of service before the connection is kept', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.resume());
	const socket = recorder.own(new net.Socket());
	recorder.call(socket, 'getTypeOfService');
	recorder.attempt('set', () => invoke(socket, 'setTypeOfService', [0x08]) === socket);
	recorder.call(socket, 'getTypeOfService');
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'connect');
	recorder.call(socket, 'getTypeOfService');
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('type of service as an option', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.resume());
	const options = { port: server.port, host: '127.0.0.1', typeOfService: 0x08 };
	const socket = recorder.own(net.connect(options));
	await recorder.once(socket, 'connect');
	recorder.call(socket, 'getTypeOfService');
	socket.destroy();
	await recorder.once(socket, 'close');
	for (const typeOfService of [-1, 256, 'x']) {
		recorder.attempt(
			`option ${String(typeOfService)}`,
			() => invoke(net, 'connect', [{ ...options, typeOfService }]) !== null,
		);
	}
});

scenario('type of service of a Unix socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true });
	peer.resume();
	recorder.call(client, 'getTypeOfService');
	recorder.attempt('set', () => invoke(client, 'setTypeOfService', [0x10]) === client);
	client.destroy();
	await closed();
});

scenario('noDelay, keepAlive, keepAliveInitialDelay of connect', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, {
		client: { noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 },
	});
	const text = recorder.text(peer);
	client.resume();
	client.end('works');
	recorder.log('text', await text);
	await closed();
});

scenario('noDelay, keepAlive, keepAliveInitialDelay of a server', async (net, recorder) => {
	const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 };
	const { server, client, peer, closed } = await recorder.pair(net, { server: options });
	for (const name of [
		'noDelay',
		'keepAlive',
		'keepAliveInitialDelay',
		'allowHalfOpen',
		'pauseOnConnect',
		'highWaterMark',
	]) {
		recorder.log(name, name === 'highWaterMark' ? typeof Reflect.get(server, name) : Reflect.get(server, name));
	}
	client.end();
	client.resume();
	peer.resume();
	await closed();
});

scenario('options on a Unix socket are no error', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true, client: { noDelay: true, keepAlive: true } });
	recorder.lane('client').events(client, ['error', 'close']);
	recorder.attempt('setNoDelay', () => client.setNoDelay() === client);
	recorder.attempt('setKeepAlive', () => client.setKeepAlive(true, 1000) === client);
	peer.resume();
	client.destroy();
	await closed();
});

scenario('server options of wrong types', (net, recorder) => {
	const forms: unknown[][] = [
		[5],
		['x'],
		[true],
		[{ allowHalfOpen: 'x' }],
		[{ highWaterMark: -1 }],
		[{ highWaterMark: 'x' }],
		[{ keepAliveInitialDelay: -1 }],
		[{ keepAliveInitialDelay: 'x' }],
		[{ noDelay: 5 }],
		[{ blockList: {} }],
		[null],
		[undefined],
		[{}, 5],
		[{}, 'x'],
	];
	for (const values of forms) {
		recorder.attempt(
			`createServer ${recorder.names.show(values)}`,
			() => invoke(net, 'createServer', values) instanceof net.Server,
		);
	}
});

scenario('keepAliveInitialDelay of a server in whole seconds', (net, recorder) => {
	for (const keepAliveInitialDelay of [1999, 0.5, -5000, NaN, Infinity, 1e13]) {
		const server = net.createServer({ keepAliveInitialDelay });
		recorder.log(`${keepAliveInitialDelay}`, Reflect.get(server, 'keepAliveInitialDelay'));
	}
});
