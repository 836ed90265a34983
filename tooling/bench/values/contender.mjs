/** Both implementations of the values in one process: each line on stdin names a task, the answer is ns an operation. */
import * as net from 'node:net';
import { createInterface } from 'node:readline';
import { SocketAddress } from '@net/address';
import { isIP } from '@net/ip';
import { randomFrom } from '../statistics.mjs';

const COUNT = 1000;
const random = randomFrom(1);
const group = (/** @type {number} */ most) => Math.floor(random() * most);
const ipv4 = texts(() => [256, 256, 256, 256].map(group).join('.'));
const ipv6 = texts((i) => {
	const groups = Array.from({ length: i % 2 === 0 ? 8 : 4 }, () => group(65536).toString(16));
	return i % 2 === 0 ? groups.join(':') : `${groups.slice(0, 2).join(':')}::${groups.slice(2).join(':')}`;
});
const other = texts((i) => [`host-${i}.example.org`, `${i % 256}.1.2`, `fe80::${i}::1`, ''][i % 4] ?? '');

/** One operation for each text; the sum keeps a compiler from leaving it out. @typedef {(text: string) => number} Operation */

/** @type {Record<string, { texts: string[], theirs: Operation | undefined, ours: Operation }>} */
const tasks = {
	'isIP, IPv4': { texts: ipv4, theirs: net.isIP, ours: isIP },
	'isIP, IPv6': { texts: ipv6, theirs: net.isIP, ours: isIP },
	'isIP, other texts': { texts: other, theirs: net.isIP, ours: isIP },
	'new SocketAddress, IPv4': {
		texts: ipv4,
		theirs: (address) => new net.SocketAddress({ address, port: 80 }).port,
		ours: (address) => new SocketAddress({ address, port: 80 }).port,
	},
	'new SocketAddress, IPv6': {
		texts: ipv6,
		theirs: (address) => new net.SocketAddress({ address, family: 'ipv6', port: 80 }).port,
		ours: (address) => new SocketAddress({ address, family: 'ipv6', port: 80 }).port,
	},
	'SocketAddress and its address, IPv6': {
		texts: ipv6,
		theirs: (address) => new net.SocketAddress({ address, family: 'ipv6', port: 80 }).address.length,
		ours: (address) => new SocketAddress({ address, family: 'ipv6', port: 80 }).address.length,
	},
	'SocketAddress.parse': {
		texts: ipv4.map((address) => `${address}:8080`),
		theirs: parserOf(net.SocketAddress),
		ours: (text) => SocketAddress.parse(text)?.port ?? 0,
	},
};

console.log(JSON.stringify({ version: process.versions.node, tasks: Object.keys(tasks) }));
for await (const line of createInterface({ input: process.stdin })) {
	const { task, side, rounds } = JSON.parse(line);
	const found = tasks[task];
	const operation = side === 'ours' ? found?.ours : found?.theirs;
	console.log(JSON.stringify(operation === undefined ? {} : measure(operation, found?.texts ?? [], rounds)));
}

/**
 * @param {Operation} operation
 * @param {readonly string[]} asked
 * @param {number} rounds
 */
function measure(operation, asked, rounds) {
	let sum = 0;
	const started = process.hrtime.bigint();
	for (let round = 0; round < rounds; round++) for (const text of asked) sum += operation(text);
	return { ns: Number(process.hrtime.bigint() - started) / (rounds * asked.length), sum: sum / rounds };
}

/** @param {(i: number) => string} make - as they would come from a socket: each a text of its own, not a part of another. */
function texts(make) {
	return Array.from({ length: COUNT }, (_, i) => Buffer.from(make(i), 'latin1').toString('latin1'));
}

/**
 * Node has it since 22.13 and 23.4.
 * @param {object} type
 * @returns {Operation | undefined}
 */
function parserOf(type) {
	const parse = 'parse' in type && typeof type.parse === 'function' ? type.parse : undefined;
	return parse === undefined ? undefined : (text) => parse(text)?.port ?? 0;
}
