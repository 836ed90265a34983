/** What this machine can do, and what a process has open. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '@net/errors';

export const onLinux: boolean = process.platform === 'linux';

export const hasIPv6: boolean = Object.values(networkInterfaces()).some((list) =>
	list?.some(({ address }) => address === '::1'),
);

/** Negative errno numbers by name. */
export const E = {
	ACCES: errnoOf('EACCES'),
	ADDRINUSE: errnoOf('EADDRINUSE'),
	ADDRNOTAVAIL: errnoOf('EADDRNOTAVAIL'),
	BADF: errnoOf('EBADF'),
	BUSY: errnoOf('EBUSY'),
	CONNREFUSED: errnoOf('ECONNREFUSED'),
	CONNRESET: errnoOf('ECONNRESET'),
	INVAL: errnoOf('EINVAL'),
	NOENT: errnoOf('ENOENT'),
	NOSYS: errnoOf('ENOSYS'),
	NOTSUP: errnoOf('ENOTSUP'),
	PIPE: errnoOf('EPIPE'),
} as const;

/** The sockets and pipes that this process has open; Linux only. */
export function openSockets(): string[] {
	return readdirSync('/proc/self/fd')
		.map((fd) => {
			try {
				return readlinkSync(`/proc/self/fd/${fd}`);
			} catch {
				return '';
			}
		})
		.filter((target) => target.startsWith('socket:') || target.startsWith('pipe:'));
}

/** A folder of one's own, removed by `remove`. */
export function temporaryFolder(): { path: (name: string) => string; remove: () => void } {
	const folder = mkdtempSync(join(tmpdir(), 'net-loop-'));
	return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
