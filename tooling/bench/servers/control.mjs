/**
 * The server's end of the line to the bench: says where it listens, obeys commands, ends when stdin ends.
 *
 * stdin is read by `fs.read` and not by `process.stdin`, which would bring node:net's own streams into servers that are to
 * be measured without them.
 */
import { read, writeSync } from 'node:fs';

/** What this server does: see `Mode` in contenders.mjs. A number may follow, as in `source:65536`. */
export const [mode = 'echo', size = ''] = (process.argv[2] ?? 'echo').split(':');

const path = process.argv[3] === '--path' ? process.argv[4] : undefined;

/** What to listen on. The backlog is that of the C server, so that no burst of connections meets a full queue. */
export const place = path === undefined ? { host: '127.0.0.1', port: 0, backlog: 4096 } : { path, backlog: 4096 };

/**
 * @param {number} port - 0 on Unix sockets.
 * @param {Record<string, unknown>} [about] - facts for the report.
 */
export function announce(port, about = {}) {
	const { node, bun, deno } = process.versions;
	answer({ port, node, bun, deno, ...about });
	obey();
}

/** @param {unknown} address - of `server.address()`. */
export function portOf(address) {
	return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}

/** Requests that a web server has answered. */
let answered = 0;

export function countAnswer() {
	answered++;
}

/**
 * What a program of another kind does when it is told to.
 * @param {string} name
 * @param {(...words: string[]) => Promise<object>} work - its answer.
 */
export function answerTo(name, work) {
	commands[name] = async (...words) => answer(await work(...words));
}

/** @param {object} facts */
function answer(facts) {
	writeSync(1, `${JSON.stringify(facts)}\n`);
}

/** By the first word of a line; they are given the others. @type {Record<string, (...words: string[]) => void>} */
const commands = {
	/** Collects garbage, as often as finalizers may need it. */
	gc() {
		const bun = /** @type {{ Bun?: { gc(all: boolean): void } }} */ (globalThis).Bun;
		const collect = bun === undefined ? globalThis.gc : () => bun.gc(true);
		for (let i = 0; i < 4; i++) collect?.();
		answer(process.memoryUsage());
	},
	count() {
		answer({ answered });
	},
	async profile() {
		// Other hosts than Node have no such session.
		const { Session } = await import('node:inspector');
		session = new Session();
		session.connect();
		session.post('Profiler.enable');
		session.post('Profiler.setSamplingInterval', { interval: 200 });
		session.post('Profiler.start', () => answer({}));
	},
	'profile-end'() {
		session?.post('Profiler.stop', (error, result) => answer(error ?? result.profile));
		session?.disconnect();
	},
};

/** @type {import('node:inspector').Session | undefined} */
let session;

function obey() {
	const bytes = Buffer.alloc(256);
	read(0, bytes, 0, bytes.length, null, (error, length) => {
		if (error !== null || length === 0) process.exit(0);
		for (const line of bytes.toString('utf8', 0, length).trim().split('\n')) {
			const [name = '', ...words] = line.split(' ');
			commands[name]?.(...words);
		}
		obey();
	});
}
