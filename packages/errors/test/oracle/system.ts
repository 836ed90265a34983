/** Prints the errors that the system's answers become on Node: how to ask for each, and what came. */
import { mkdtempSync, rmdirSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe } from '../support/description.ts';
import type { Description } from '../support/description.ts';

const folder = mkdtempSync(join(tmpdir(), 'net-errors-'));

/** The error that a socket or server emits. */
function emitted(emitter: net.Socket | net.Server): Promise<NodeJS.ErrnoException> {
	return new Promise((resolve) => emitter.once('error', resolve));
}

async function closedPort(): Promise<number> {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : 0;
}

const lookup = (_host: string, _options: object, callback: (...args: never[]) => void) =>
	Reflect.apply(callback, undefined, [
		null,
		[
			{ address: '127.0.0.1', family: 4 },
			{ address: '127.0.0.2', family: 4 },
		],
	]);

const port = await closedPort();
const localPort = await closedPort();
const server = net.createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const taken = Reflect.get(Object(server.address()), 'port');
const missing = join(folder, 'missing', 'path');

const cases: Record<string, () => Promise<NodeJS.ErrnoException>> = {
	refused: () => emitted(net.connect(port, '127.0.0.1')),
	refusedLocal: () => emitted(net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort })),
	refusedAddress: () => emitted(net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' })),
	refusedPath: () => emitted(net.connect(missing)),
	failedPath: () => emitted(net.connect(`${missing}\0`)),
	bind: () => emitted(net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1' })),
	bindPort: () => emitted(net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1', localPort })),
	listen: () => emitted(net.createServer().listen(taken, '127.0.0.1')),
	listenAddress: () => emitted(net.createServer().listen(0, '192.0.2.1')),
	listenPath: () => emitted(net.createServer().listen(missing)),
	listenFd: () => emitted(net.createServer().listen({ fd: 99_999 })),
	attempts: () => emitted(net.connect({ port, host: 'a.invalid', lookup })),
};

const answers: Record<string, Description & { errno: number | undefined }> = {};
for (const [name, call] of Object.entries(cases)) {
	const error = await call();
	answers[name] = { ...describe(error), errno: error.errno };
}
server.close();
rmdirSync(folder);
process.stdout.write(JSON.stringify({ port, localPort, taken, missing, answers, half: await half() }));

/** A write after the peer ended. */
async function half(): Promise<string> {
	const echo = net.createServer((socket) => {
		const failed = (error: unknown): unknown => echo.emit('half', error);
		socket.on('error', () => undefined).resume();
		socket.on('end', () => setImmediate(() => socket.write('x', failed)));
	});
	await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
	const client = net.connect(Reflect.get(Object(echo.address()), 'port'), '127.0.0.1');
	client.resume().end();
	const error = await new Promise((resolve) => echo.once('half', resolve));
	echo.close();
	return inspect(error, { depth: 0 }).split('\n')[0] + JSON.stringify(Object.entries(Object(error)));
}
