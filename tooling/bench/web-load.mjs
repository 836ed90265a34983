/** Load for web servers: wrk, which speaks TLS as well. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Child } from './children.mjs';
import { ask } from './contenders.mjs';
import { threadTimes, timesBetween } from './procfs.mjs';

const script = join(import.meta.dirname, 'native', 'wrk.lua');
const WARMUP_SECONDS = 0.3;

/** @returns {string | undefined} why there can be no such load. */
export function whyNoWebLoad() {
	return spawnSync('wrk', ['--version']).error === undefined ? undefined : 'wrk, the load generator, is not installed';
}

/**
 * A key and a certificate that nobody trusts.
 * @param {string} directory
 * @returns {Record<string, string>} the variables in which servers look for the files.
 * @throws Error that says in one line why there is none.
 */
export function makeCertificate(directory) {
	const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
	const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const words = ['req', ...kind, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', certificate];
	const { error, status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
	if (error !== undefined) throw new Error('openssl, which makes the certificate, is not installed');
	if (status !== 0) throw new Error(`openssl made no certificate: ${stderr.trim().split('\n').at(-1)}`);
	return { BENCH_KEY: key, BENCH_CERTIFICATE: certificate };
}

/**
 * Requests on so many connections for a time. The window begins when the connections are open and warm, and ends before
 * they are closed: the server counts its answers, so that CPU time and requests are of the same window.
 * @param {import('./contenders.mjs').Server} server
 * @param {number | undefined} core
 * @param {{ secure: boolean, connections: number, seconds: number }} options
 * @returns {Promise<import('./rounds.mjs').Measured>}
 */
export async function putWebLoad(server, core, { secure, connections, seconds }) {
	const url = `${secure ? 'https' : 'http'}://127.0.0.1:${server.about['port']}/`;
	// wrk takes whole seconds only.
	const whole = Math.ceil(WARMUP_SECONDS + seconds);
	const words = ['-t1', `-c${connections}`, `-d${whole}s`, '--timeout', '5s', '-s', script, url];
	const child = new Child('wrk', ['wrk', ...words], { core });
	try {
		await elapse(WARMUP_SECONDS);
		const before = await look(server);
		await elapse(seconds);
		const after = await look(server);
		const result = await resultOf(child, whole + 10);
		const { running, waiting } = timesBetween(before.times, after.times);
		return {
			cpu: running,
			waited: waiting,
			seconds: (after.now - before.now) / 1000,
			units: after.answered - before.answered,
			...result,
		};
	} finally {
		await child.stop();
	}
}

/** @param {number} seconds */
function elapse(seconds) {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** @param {import('./contenders.mjs').Server} server */
async function look(server) {
	const { answered } = await ask(server, 'count');
	return { answered: Number(answered), times: threadTimes(server.pid), now: performance.now() };
}

/**
 * @param {Child} child - wrk, whose script prints one line of JSON between what wrk says itself.
 * @param {number} seconds
 */
async function resultOf(child, seconds) {
	for (;;) {
		const line = await child.line(seconds);
		if (!line.startsWith('{')) continue;
		const { p50, p99, max, errors, wrong } = JSON.parse(line);
		if (errors > 0) throw new Error(`${errors} connections failed or were silent`);
		if (wrong > 0) throw new Error(`${wrong} wrong answers`);
		return { p50, p99, max };
	}
}
