/**
 * One of the lists that are compared, in a process of its own: prints a line, then answers each line of JSON on stdin.
 * `load` makes a list of a file of rules, `measure` asks it the first queries so many rounds, `attach` opens it in a thread.
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

const kind = process.argv[2] ?? '';

/**
 * @typedef {object} List
 * @property {(address: string) => boolean} check
 * @property {((index: number) => boolean) | undefined} [checkNumber] - of the query of this index.
 * @property {object} [memory]
 * @property {(address: string, isWide: boolean) => void} [change] - adds an address, or an IPv4 /16 or IPv6 /32 around it, and
 *   removes it again.
 * @property {() => Promise<number>} [attach]
 */

/** @type {Record<string, (file: string, queries: string[], family: 'ipv4' | 'ipv6') => Promise<List> | List>} */
const kinds = {
	async ours(file, queries, family) {
		const { BlockList } = await import('@net/blocklist');
		const { readList } = await import('@net/blocklist/formats');
		const { parseIPv4, parseIPv6 } = await import('@net/ip');
		const list = new BlockList();
		const { batch } = await readList(file, { origins: false });
		list.addBatch(batch);
		const numbers = queries.map((text) => (family === 'ipv4' ? parseIPv4(text) | 0 : 0));
		const words = queries.map((text) => {
			const four = new Uint32Array(4);
			if (family === 'ipv6') parseIPv6(text, four);
			return four;
		});
		return {
			check: family === 'ipv4' ? (address) => list.check(address) : (address) => list.check(address, 'ipv6'),
			checkNumber:
				family === 'ipv4'
					? (index) => list.checkIPv4(numbers[index] ?? 0)
					: (index) => list.checkIPv6(words[index] ?? []),
			memory: list.memoryUsage,
			change(address, isWide) {
				if (isWide) {
					const cidr = `${address}/${family === 'ipv4' ? 16 : 32}`;
					list.addCIDR(cidr);
					list.removeCIDR(cidr);
				} else {
					list.addAddress(address, family);
					list.removeAddress(address, family);
				}
			},
			attach: () => attach(list.share()),
		};
	},
	node(file, _queries, family) {
		const list = new net.BlockList();
		for (const rule of linesOf(file)) {
			const slash = rule.indexOf('/');
			if (slash < 0) list.addAddress(rule, family);
			else list.addSubnet(rule.slice(0, slash), Number(rule.slice(slash + 1)), family);
		}
		return { check: (address) => list.check(address, family) };
	},
	async 'ip-set'(file) {
		// @ts-expect-error the package declares no types
		const { default: IPSet } = await import('ip-set');
		const list = new IPSet(linesOf(file));
		return { check: (address) => list.contains(address) };
	},
	async 'ipaddr.js'(file) {
		const { default: ipaddr } = await import('ipaddr.js');
		const rules = linesOf(file).map((rule) => ipaddr.parseCIDR(rule.includes('/') ? rule : `${rule}/32`));
		return {
			check(address) {
				const parsed = ipaddr.parse(address);
				return rules.some((rule) => parsed.match(rule));
			},
		};
	},
	async 'cidr-matcher'(file) {
		// @ts-expect-error the package declares no types
		const { default: CIDRMatcher } = await import('cidr-matcher');
		const list = new CIDRMatcher(linesOf(file).map((rule) => (rule.includes('/') ? rule : `${rule}/32`)));
		return { check: (address) => list.contains(address) };
	},
};

/** @type {List} */
let list = { check: () => false };
/** @type {string[]} */
let queries = [];

console.log(JSON.stringify({ version: process.versions.node }));
for await (const line of createInterface({ input: process.stdin })) {
	const command = JSON.parse(line);
	if (command.op === 'load') {
		queries = linesOf(command.queries);
		const started = performance.now();
		const made = await kinds[kind]?.(command.rules, queries, command.family);
		if (made === undefined) throw new Error(`no list is called ${kind}`);
		list = made;
		console.log(JSON.stringify({ buildMs: performance.now() - started, memory: list.memory }));
	} else if (command.op === 'measure') {
		console.log(JSON.stringify(measure(command.form, command.rounds, queries.slice(0, command.count))));
	} else if (command.op === 'change') {
		const { change = () => {} } = list;
		const started = performance.now();
		for (const query of queries.slice(0, command.count)) change(query, command.wide === true);
		console.log(JSON.stringify({ us: ((performance.now() - started) * 1000) / command.count }));
	} else if (command.op === 'attach') {
		console.log(JSON.stringify({ ms: await list.attach?.() }));
	}
}

/**
 * @param {'string' | 'numeric'} form
 * @param {number} rounds
 * @param {string[]} asked
 */
function measure(form, rounds, asked) {
	const { check, checkNumber = () => false } = list;
	let hits = 0;
	const started = process.hrtime.bigint();
	for (let round = 0; round < rounds; round++) {
		if (form === 'string') for (const query of asked) hits += check(query) ? 1 : 0;
		else for (let i = 0; i < asked.length; i++) hits += checkNumber(i) ? 1 : 0;
	}
	const ns = Number(process.hrtime.bigint() - started) / (rounds * asked.length);
	return { ns, hits: hits / rounds };
}

/** @param {object} shared */
async function attach(shared) {
	const worker = new Worker(new URL('attach.mjs', import.meta.url), { workerData: shared });
	/** @type {number} */
	const ms = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
	await worker.terminate();
	return ms;
}

/**
 * @param {string} file
 * @returns {string[]} as they would come from a socket: each a text of its own, not a part of the file's.
 */
function linesOf(file) {
	const lines = readFileSync(file, 'latin1').split('\n');
	return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1').toString('latin1'));
}
