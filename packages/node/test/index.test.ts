import { once } from 'node:events';
import { execFile } from 'node:child_process';
import host from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as named from '@net/node';
import net from '@net/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const surface = suite('@net/node');

/** What Node 26 has no more, and the half of a transfer between threads that only Node's own code can begin. */
const gone = new Set(['_setSimultaneousAccepts', '_TransferredBoundSocket']);

surface('has what node:net has', () => {
	assert.equal(
		Object.keys(host).filter((name) => !(name in net) && !gone.has(name)),
		[],
	);
	for (const name of Object.keys(net)) assert.type(Object(net)[name], 'function', name);
});

surface('is the same by name and as default', () => {
	for (const [name, value] of Object.entries(net)) assert.is(Object(named)[name], value, name);
	assert.is(net.Stream, net.Socket);
	assert.is(net.connect, net.createConnection);
});

surface('require gives the object itself, whose properties can be replaced', async () => {
	const program = fileURLToPath(new URL('programs/require.cjs', import.meta.url));
	// Without the loader that runs this test.
	const { stdout } = await promisify(execFile)(process.execPath, [program], {
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	assert.equal(JSON.parse(stdout), {
		same: true,
		names: ['connect'],
		replaced: true,
		promises: true,
		listening: false,
	});
});

surface('importing it loads nothing of the host that sockets do not need', async () => {
	const program = 'await import(process.argv[1]); console.log(JSON.stringify(process.moduleLoadList))';
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--input-type=module', '--eval', program, import.meta.resolve('@net/node')],
		{ env: { ...process.env, NODE_OPTIONS: '' } },
	);
	const loaded: unknown = JSON.parse(stdout);
	assert.ok(Array.isArray(loaded) && loaded.includes('NativeModule net'));
	for (const name of ['cluster', 'child_process', 'internal/fs/streams']) {
		assert.not(loaded.includes(`NativeModule ${name}`), name);
	}
});

surface('its parts fit together', async () => {
	const blockList = new net.BlockList();
	blockList.addAddress(new net.SocketAddress({ address: '127.0.0.2' }));
	const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = Object(server.address());
	const blocked = net.connect({ port, host: '127.0.0.2', blockList });
	const error = await new Promise((resolve) => blocked.once('error', resolve));
	assert.is(Object(error).code, 'ERR_IP_BLOCKED');
	const socket = net.connect({ port, host: '127.0.0.1', blockList });
	socket.end('echo');
	let text = '';
	for await (const chunk of socket) text += chunk;
	assert.is(text, 'echo');
	server.close();
	await once(server, 'close');
});

surface('arguments are taken apart as Node does', () => {
	const listener = (): void => {};
	const forms: unknown[][] = [
		[],
		[{ port: 1 }],
		[80],
		[80, 'host', listener],
		['/path', listener],
		['80'],
		[null],
		[undefined, listener],
	];
	for (const form of forms) {
		const theirs: unknown[] = Object(host)._normalizeArgs(form);
		assert.equal([...net._normalizeArgs(form)], [...theirs]);
	}
});

surface.run();
