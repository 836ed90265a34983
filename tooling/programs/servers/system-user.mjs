/** Servers that refuse to be root's run as the user that their Debian package made for them. */
import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';

/**
 * Hands a folder to the user, where this process is root's.
 * @param {string} name
 * @param {string} folder
 * @returns {{ uid: number, gid: number } | undefined} undefined where this process' own user will do.
 */
export function handOver(name, folder) {
	if (process.getuid?.() !== 0) return undefined;
	const [uid, gid] = ['-u', '-g'].map((option) => Number(run('id', [option, name])));
	if (uid === undefined || gid === undefined || !(uid > 0 && gid > 0)) throw new Error(`there is no user ${name}`);
	chownSync(folder, uid, gid);
	return { uid, gid };
}

/**
 * Runs what a server needs to have done before it starts.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {string} what it printed
 */
export function run(command, args, options = {}) {
	const { status, error, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
	if (status !== 0) throw new Error(`${command} failed: ${error ?? ''}${stdout}${stderr}`);
	return stdout;
}
