/** Generated lists of rules and addresses to ask for, as files that all contenders read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../statistics.mjs';

const QUERIES = 20_000;

/**
 * @typedef {{ family: 'ipv4' | 'ipv6', count: number, shape: 'uniform' | 'clustered' }} Shape
 * @typedef {Shape & { rules: string, queries: string }} Files
 */

/**
 * IPv4: three of four rules are addresses, one is a /24. IPv6: /48, /56 and /64 in 30,000 /32, as registries give them
 * out. Clustered: addresses in two /16, prefixes in one /32. Half of the addresses that are asked for are in a rule.
 * @param {string} directory
 * @param {Shape} shape
 * @param {number} seed
 * @returns {Files}
 */
export function writeList(directory, shape, seed) {
	const random = randomFrom(seed);
	const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
	const draw = shape.family === 'ipv4' ? () => drawIPv4(shape, below) : () => drawIPv6(shape, below);
	const rules = Array.from({ length: shape.count }, draw);
	const queries = Array.from({ length: QUERIES }, (_, i) => {
		const rule = i % 2 === 0 ? rules[below(rules.length)] : undefined;
		return (rule ?? draw()).inside;
	});
	const name = join(directory, `${shape.family}-${shape.shape}-${shape.count}`);
	writeFileSync(`${name}.rules`, `${rules.map(({ rule }) => rule).join('\n')}\n`);
	writeFileSync(`${name}.queries`, `${queries.join('\n')}\n`);
	return { ...shape, rules: `${name}.rules`, queries: `${name}.queries` };
}

/**
 * @param {Shape} shape
 * @param {(limit: number) => number} below
 */
function drawIPv4({ shape }, below) {
	const word = shape === 'uniform' ? below(2 ** 32) : 0x0a00_0000 + below(2 ** 17);
	const address = dotted(word);
	if (shape === 'clustered' || below(4) > 0) return { rule: address, inside: address };
	return { rule: `${dotted((word & 0xffff_ff00) >>> 0)}/24`, inside: address };
}

/**
 * @param {Shape} shape
 * @param {(limit: number) => number} below
 */
function drawIPv6({ shape }, below) {
	const key = shape === 'uniform' ? 0x2000_0000 + below(30_000) * 8192 : 0x2001_0db8;
	const prefix = [48, 56, 64][below(3)] ?? 64;
	const site = below(65_536);
	const net = prefix === 48 ? 0 : prefix === 56 ? below(256) << 8 : below(65_536);
	const group = (/** @type {number} */ value) => value.toString(16);
	const front = `${group(key >>> 16)}:${group(key & 0xffff)}:${group(site)}:${group(net)}`;
	return { rule: `${front}::/${prefix}`, inside: `${front}::${group(1 + below(65_000))}` };
}

/** @param {number} word */
function dotted(word) {
	return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}
