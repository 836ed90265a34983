/** MariaDB, over TCP and over a Unix socket, for a user with a password. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver, run } from './system-user.mjs';

const name = 'somebody';
const password = 'a secret of nobody';

/** @type {import('../harness/server.mjs').Recipe} */
export const mariadb = {
	package: 'mariadb-server',
	commands: ['mariadbd'],
	prepare({ folder, port }) {
		const data = join(folder, 'data');
		const first = join(folder, 'first.sql');
		const path = join(folder, 'mariadb.sock');
		const accounts = ['127.0.0.1', 'localhost'].map((host) => `'${name}'@'${host}'`);
		const grants = accounts.flatMap((account) => [
			`CREATE USER ${account} IDENTIFIED BY '${password}';`,
			`GRANT ALL ON programs.* TO ${account};`,
		]);
		writeFileSync(first, ['CREATE DATABASE programs CHARACTER SET utf8mb4;', ...grants, ''].join('\n'));
		const user = handOver('mysql', folder);
		run(
			'mariadb-install-db',
			['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'],
			{
				...user,
				cwd: folder,
			},
		);
		const settings = {
			datadir: data,
			socket: path,
			port,
			'bind-address': '127.0.0.1',
			'pid-file': join(folder, 'pid'),
			'init-file': first,
			'innodb-buffer-pool-size': '16M',
			'innodb-flush-log-at-trx-commit': 0,
			'max-allowed-packet': '32M',
		};
		return {
			args: ['--no-defaults', ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`)],
			user,
			ready: /ready for connections/,
			environment: {
				MARIADB_PORT: String(port),
				MARIADB_PATH: path,
				MARIADB_USER: name,
				MARIADB_PASSWORD: password,
				MARIADB_DATABASE: 'programs',
			},
		};
	},
};
