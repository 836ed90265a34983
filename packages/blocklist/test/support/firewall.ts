/** Firewalls of a network namespace that lives as long as one command, for tests. */
import { spawnSync } from 'node:child_process';
import { skip } from '@tooling/test';

/** Debian has the firewalls' programs where a user's PATH may not look. */
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, LC_ALL: 'C' };

/** What fails where the kernel lacks the firewall, or does not let it be used. */
const probes: Readonly<Record<string, string>> = {
	nft: 'nft add table inet probe',
	ipset: 'ipset create probe hash:net',
	iptables: 'iptables -N probe',
	ip6tables: 'ip6tables -N probe',
};

/**
 * Runs a shell's script in a new network namespace; skips the test where that cannot be.
 * @param program - what the script calls.
 * @param files - what it reads, as `$1`, `$2` …
 * @returns what it printed.
 */
export function inNamespace(program: string, script: string, files: readonly string[]): string {
	const probe = spawnSync('unshare', ['-n', 'sh', '-c', `command -v ${program}`], { env, encoding: 'utf8' });
	if (probe.error !== undefined) skip('unshare is not installed');
	if (probe.status !== 0 && probe.stderr !== '') skip(`no right to unshare: ${probe.stderr.trim()}`);
	if (probe.status !== 0) skip(`${program} is not installed`);
	const able = spawnSync('unshare', ['-n', 'sh', '-c', probes[program] ?? 'true'], { env, encoding: 'utf8' });
	if (able.status !== 0) skip(`${program} cannot work here: ${able.stderr.trim().split('\n')[0]}`);
	const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', script, 'sh', ...files], {
		env,
		encoding: 'utf8',
		maxBuffer: 2 ** 28,
		timeout: 50_000,
	});
	if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 2000)}`);
	return stdout;
}
