/** The programs that a run starts: pinned to a core, spoken to by lines, and never left behind. */
import { spawn } from 'node:child_process';

/** @type {Set<Child>} */
const running = new Set();

/** Ends all of them, now; for the exit of this process. */
export function killChildren() {
	for (const child of running) child.kill();
}

export class Child {
	/** @type {import('node:child_process').ChildProcessWithoutNullStreams} */
	#process;
	#name;
	/** @type {string[]} */
	#lines = [];
	#unfinished = '';
	#complaint = '';
	/** @type {(() => void) | undefined} */
	#wake;
	/** @type {Promise<void>} */
	#exited;
	/** What ended it, when it has ended. @type {string | undefined} */
	#end;

	/**
	 * @param {string} name - for messages.
	 * @param {string[]} command
	 * @param {{ core?: number | undefined, environment?: Record<string, string> }} [options] - a core to stay on; variables that
	 *   are added to ours.
	 */
	constructor(name, command, options = {}) {
		const pinned = options.core === undefined ? command : ['taskset', '-c', String(options.core), ...command];
		const [file = '', ...rest] = pinned;
		this.#name = name;
		this.#process = spawn(file, rest, { env: { ...process.env, ...options.environment } });
		running.add(this);
		this.#process.stdout.setEncoding('utf8').on('data', (text) => this.#take(text));
		this.#process.stderr.setEncoding('utf8').on('data', (text) => {
			this.#complaint = (this.#complaint + text).slice(-8192);
		});
		// What is written to one that has gone is lost; its end is reported by line().
		this.#process.stdin.on('error', () => {});
		this.#exited = new Promise((resolve) => {
			const ended = (/** @type {string} */ how) => {
				this.#end ??= how;
				running.delete(this);
				this.#wake?.();
				resolve();
			};
			this.#process.on('error', (error) => ended(error.message));
			this.#process.on('close', (code, signal) => ended(signal === null ? `exit code ${code}` : signal));
		});
	}

	get pid() {
		const { pid } = this.#process;
		if (pid === undefined) throw new Error(`${this.#name} did not start`);
		return pid;
	}

	/**
	 * @param {number} seconds - how long to wait at most.
	 * @returns {Promise<string>} its next line on stdout.
	 * @throws Error when it ends first, or says nothing for so long.
	 */
	async line(seconds) {
		const { promise, resolve } = withResolvers();
		const timer = setTimeout(resolve, seconds * 1000);
		this.#wake = resolve;
		try {
			if (this.#lines.length === 0 && this.#end === undefined) await promise;
		} finally {
			clearTimeout(timer);
			this.#wake = undefined;
		}
		const line = this.#lines.shift();
		if (line !== undefined) return line;
		if (this.#end === undefined) throw new Error(`${this.#name}: no answer in ${seconds} s`);
		throw new Error(`${this.#name}: ${complaintOf(this.#complaint) ?? this.#end}`);
	}

	/** @param {string} line */
	send(line) {
		this.#process.stdin.write(`${line}\n`);
	}

	/** Closes its stdin, which asks it to end, and kills it when it does not. */
	async stop() {
		this.#process.stdin.end();
		const timer = setTimeout(() => this.kill(), 3000);
		await this.#exited;
		clearTimeout(timer);
	}

	kill() {
		this.#process.kill('SIGKILL');
	}

	/** @param {string} text */
	#take(text) {
		const lines = (this.#unfinished + text).split('\n');
		this.#unfinished = lines.pop() ?? '';
		this.#lines.push(...lines);
		if (lines.length > 0) this.#wake?.();
	}
}

/**
 * The line of an error output that says most: the message of an uncaught error, else the last line.
 * @param {string} text
 * @returns {string | undefined}
 */
export function complaintOf(text) {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	return lines.find((line) => /^(Uncaught )?\w*Error\b.*:/.test(line)) ?? lines.at(-1);
}

/** Promise.withResolvers, which Node 20 has not. */
function withResolvers() {
	/** @type {(value?: unknown) => void} */
	let resolve = () => {};
	const promise = new Promise((taken) => (resolve = taken));
	return { promise, resolve };
}
