/** PostgreSQL, over TCP with a password (SCRAM) and over a Unix socket without. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { handOver, run } from './system-user.mjs';

/** Debian keeps each version in a folder of its own and puts none of it on PATH. */
const versions = '/usr/lib/postgresql';
const password = 'a secret of nobody';

/** @type {import('../harness/server.mjs').Recipe} */
export const postgresql = {
	package: 'postgresql',
	commands: existsSync(versions) ? readdirSync(versions).map((version) => `${versions}/${version}/bin/postgres`) : [],
	prepare({ command, folder, port }) {
		const data = join(folder, 'data');
		const secret = join(folder, 'secret');
		writeFileSync(secret, password);
		const user = handOver('postgres', folder);
		const access = ['--auth-host=scram-sha-256', '--auth-local=trust', '--username=postgres', `--pwfile=${secret}`];
		const kind = ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions', '--pgdata', data];
		if (user) handOver('postgres', secret);
		run(join(dirname(command), 'initdb'), [...access, ...kind], { ...user, cwd: folder });
		const settings = ['fsync=off', 'shared_buffers=16MB', 'max_connections=60', 'autovacuum=off'];
		return {
			args: [
				'-D',
				data,
				'-h',
				'127.0.0.1',
				'-p',
				String(port),
				'-k',
				folder,
				...settings.flatMap((each) => ['-c', each]),
			],
			user,
			ready: /database system is ready to accept connections/,
			// Killed, it would leave a segment of shared memory behind.
			signal: 'SIGQUIT',
			environment: {
				POSTGRES_PORT: String(port),
				POSTGRES_FOLDER: folder,
				POSTGRES_USER: 'postgres',
				POSTGRES_PASSWORD: password,
			},
		};
	},
};
