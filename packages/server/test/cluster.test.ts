/** Workers of a cluster; what listen.ts does for them. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createServer } from '@net/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const workers = suite('cluster');

workers('two workers share a port', async () => {
	const program = fileURLToPath(new URL('programs/cluster.mjs', import.meta.url));
	// Without the loader that runs this test.
	const env = { ...process.env, NODE_OPTIONS: '' };
	const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 30_000 });
	assert.is(stdout.trim(), '1 1,2');
});

workers('the primary listens as any process', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const second = createServer().listen(Object(server.address()).port, '127.0.0.1');
	const error = await new Promise((resolve) => second.once('error', resolve));
	assert.is(Object(error).code, 'EADDRINUSE');
	server.close();
	await once(server, 'close');
});

workers.run();
