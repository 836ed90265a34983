/** Runs a program as a cluster and records what it prints. */
import type { Recorder } from '../../src/recorder.ts';
import { told } from './children.ts';

/**
 * The bodies of a module that is primary and worker at once. Both know `cluster`, and what {@link told} gives them.
 */
export interface Programs {
	/** Knows also `listening(n)`: n more servers listen; the address of the last; and `answers(port, n)`, see the source. */
	readonly primary: string;
	readonly worker: string;
	/** Prints in the order of the alphabet, where the order is that of processes. */
	readonly sorted?: boolean;
	/** SCHED_NONE: the workers share the listening socket. */
	readonly shared?: boolean;
	readonly stdio?: readonly unknown[];
}

export async function cluster(recorder: Recorder, programs: Programs): Promise<void> {
	const source = `
		import cluster from 'node:cluster';
		if (cluster.isPrimary) {
			${programs.shared === true ? 'cluster.schedulingPolicy = cluster.SCHED_NONE;' : ''}
			${helpers}
			${programs.primary}
		} else {
			${programs.worker}
		}`;
	const { lines, code } = await told(recorder, source, programs.stdio);
	for (const line of programs.sorted === true ? lines.sort() : lines) recorder.log(line);
	recorder.log('exit', code);
}

/** `answers` connects n times, one after the other, and tells which answers there were, each once and in order. */
const helpers = `
	// A worker that ends by an exception would be waited for in vain.
	cluster.on('exit', (_worker, code) => { if (code === 1) process.exit(1); });
	const listening = async (count) => {
		for (;;) {
			const [, address] = await once(cluster, 'listening');
			if (--count === 0) return address;
		}
	};
	const answer = (target) => new Promise((resolve) => {
		const client = net.connect(target);
		let text = '';
		client.on('data', (chunk) => (text += chunk));
		client.on('error', (error) => (text += error.code));
		client.on('close', () => resolve(text));
	});
	const answers = async (target, count) => {
		const given = new Set();
		for (let i = 0; i < count; i++) given.add(await answer(typeof target === 'number' ? { port: target, host: '127.0.0.1' } : target));
		return [...given].sort().join();
	};`;
