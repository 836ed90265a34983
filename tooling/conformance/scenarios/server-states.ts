/** Every public method of a server in every state that a server can be in. */
import type { Server } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

const calls: readonly (readonly [method: string | symbol, ...values: unknown[]])[] = [
	['address'],
	['close'],
	['close', () => {}],
	['getConnections', () => {}],
	['listen', { port: 0, host: '127.0.0.1' }],
	['listen', {}],
	['ref'],
	['unref'],
	[Symbol.asyncDispose ?? 'close'],
];

type Maker = (net: Net, recorder: Recorder, server: Server) => unknown;

const where = { port: 0, host: '127.0.0.1' };

const states: Record<string, Maker> = {
	new: () => {},
	'about to listen': (_net, _recorder, server) => void server.listen(where),
	'about to listen on any address': (_net, _recorder, server) => void server.listen(0),
	listening: async (_net, recorder, server) => {
		server.listen(where);
		await recorder.once(server, 'listening');
	},
	'listening, with a connection': async (net, recorder, server) => {
		server.listen(where);
		await recorder.once(server, 'listening');
		const address = server.address();
		const accepted = recorder.once(server, 'connection');
		const client = recorder.own(net.connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1'));
		await Promise.all([
			accepted,
			recorder.once(
				client.on('error', () => {}),
				'connect',
			),
		]);
		setImmediate(() => setImmediate(() => client.destroy()));
	},
	'about to close': async (_net, recorder, server) => {
		server.listen(where);
		await recorder.once(server, 'listening');
		server.close();
	},
	closed: async (_net, recorder, server) => {
		server.listen(where);
		await recorder.once(server, 'listening');
		server.close();
		await recorder.once(server, 'close');
	},
	'failed to listen': async (net, recorder, server) => {
		const other = await recorder.serve(net);
		server.listen(other.port, '127.0.0.1');
		await recorder.once(server, 'error');
		other.close();
	},
};

for (const [state, maker] of Object.entries(states)) {
	scenario(state, async (net, recorder) => {
		for (const [method, ...values] of calls) {
			const server = recorder.own(
				net.createServer((socket) =>
					recorder
						.own(socket)
						.on('error', () => {})
						.resume(),
				),
			);
			recorder.alias(server, 'server');
			server.on('error', () => {});
			await maker(net, recorder, server);
			const events: string[] = [];
			for (const name of ['listening', 'error', 'close']) {
				server.on(name, (error: unknown) => {
					events.push(error instanceof Error ? `${name} ${String(Reflect.get(error, 'code'))}` : name);
				});
			}
			const shown = (): unknown[] => {
				const address = server.address();
				return [server.listening, typeof address === 'object' && address !== null ? address.address : address];
			};
			recorder.attempt(`${typeof method === 'symbol' ? 'asyncDispose' : method} ${recorder.names.show(values)}`, () => {
				const answer = invoke(server, method, values);
				// Ports differ.
				return typeof answer === 'object' && answer !== null && 'port' in answer ? 'an address' : answer;
			});
			recorder.log('at once', ...shown());
			// Listening on an address takes a look-up.
			for (let i = 0; i < 10 && !events.includes('listening') && !events.includes('close'); i++)
				await recorder.rounds(1);
			await recorder.rounds(4);
			recorder.log('then', ...shown(), events);
			server.close();
			await recorder.rounds(2);
		}
	});
}
