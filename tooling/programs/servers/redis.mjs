/** Redis, over TCP and over a Unix socket; it keeps nothing. */
import { join } from 'node:path';

/** @type {import('../harness/server.mjs').Recipe} */
export const redis = {
	package: 'redis-server',
	commands: ['redis-server'],
	prepare({ folder, port }) {
		const path = join(folder, 'redis.sock');
		const settings = {
			bind: '127.0.0.1',
			port: String(port),
			unixsocket: path,
			dir: folder,
			save: '',
			appendonly: 'no',
		};
		return {
			args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
			ready: /Ready to accept connections.*unix|The server is now ready to accept connections at/,
			environment: { REDIS_PORT: String(port), REDIS_PATH: path },
		};
	},
};
