/** A Redis, for programs that ask one. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Child } from './children.mjs';

/** @returns {string | undefined} why there can be no such load. */
export function whyNoRedis() {
	return spawnSync('redis-server', ['--version']).error === undefined ? undefined : 'redis-server is not installed';
}

/**
 * Starts one that keeps nothing.
 * @param {{ core: number | undefined, directory: string, unix: boolean | undefined }} options
 * @returns {Promise<{ environment: Record<string, string>, redis: Child }>} the variable in which programs look for it.
 */
export async function startRedis({ core, directory, unix }) {
	const path = join(directory, 'redis.sock');
	const port = unix ? 0 : await freePort();
	const place = unix ? ['--unixsocket', path] : ['--bind', '127.0.0.1'];
	const words = ['--port', String(port), ...place, '--save', '', '--appendonly', 'no', '--dir', directory];
	const redis = new Child('redis-server', ['redis-server', ...words], { core });
	while (!/ready to accept connections/i.test(await redis.line(60)));
	return { environment: { BENCH_REDIS: JSON.stringify(unix ? { path } : { host: '127.0.0.1', port }) }, redis };
}

async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	return typeof address === 'object' && address !== null ? address.port : 0;
}
