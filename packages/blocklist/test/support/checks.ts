/** A list of many rules, drawn from a seed, and many checks of it: the same for Node's list and for ours. */
import { dotted, grouped, someIPv6 } from './addresses.ts';
import { Random } from '@tooling/test';

/** What both lists have; Node's types do not know all of it yet. */
type Method = 'addAddress' | 'addRange' | 'addSubnet' | 'removeAddress' | 'removeRange' | 'removeSubnet' | 'check';

const RULES = 250;
export const CHECKS = 5000;

/** @returns the checks as `0` and `1`, and the list's rules, addresses sorted. */
export function liveThrough(BlockList: new () => object, seed: number): { answers: string; rules: string[] } {
	const random = new Random(seed);
	const list = new BlockList();
	const call = (name: Method, ...args: unknown[]): unknown => {
		const method: unknown = Reflect.get(list, name);
		if (typeof method !== 'function') throw new TypeError(`no ${name}`);
		return Reflect.apply(method, list, args);
	};
	const draw = drawer(random, seed);
	const added: [Method, ...unknown[]][] = [];
	for (let i = 0; i < RULES; i++) {
		const isIPv4 = seed % 3 !== 2 && random.below(2) === 0;
		const family = isIPv4 ? 'ipv4' : 'ipv6';
		const rule = drawRule(random, draw[family], family);
		call(...rule);
		added.push(rule);
		const [name = 'check', ...args] = random.below(4) === 0 ? random.pick([rule, ...added]) : [];
		if (name !== 'check') call(removals[name] ?? 'check', ...args);
	}
	let answers = '';
	for (let i = 0; i < CHECKS; i++) {
		const family = random.pick(['ipv4', 'ipv6'] as const);
		answers += call('check', draw[family](), family) === true ? '1' : '0';
	}
	const rules = (Reflect.get(list, 'rules') as string[]).slice();
	const addresses = rules.filter((rule) => rule.startsWith('Address'));
	return { answers, rules: [...addresses.sort(), ...rules.slice(addresses.length)] };
}

const removals: Partial<Record<Method, Method>> = {
	addAddress: 'removeAddress',
	addRange: 'removeRange',
	addSubnet: 'removeSubnet',
};

/** Some lists are spread over everything, some lie in one /16, some at both ends. */
function drawer(random: Random, seed: number): { ipv4: () => string; ipv6: () => string } {
	const ipv4 = (): string => {
		if (seed % 4 === 0) return dotted(random.below(2 ** 32));
		if (seed % 4 === 1) return dotted(0xc000_0000 + random.below(2 ** 16));
		if (seed % 4 === 2) return dotted(0x0a00_ff00 + random.below(1024));
		return dotted((random.below(2) === 0 ? 0 : 0xffff_ff00) + random.below(256));
	};
	const ipv6 = (): string => (random.below(3) === 0 ? `::ffff:${ipv4()}` : grouped(someIPv6(random)));
	return { ipv4, ipv6 };
}

function drawRule(random: Random, draw: () => string, family: 'ipv4' | 'ipv6'): [Method, ...unknown[]] {
	const start = draw();
	if (random.below(3) === 0) return ['addAddress', start, family];
	if (random.below(2) === 0) {
		const prefix =
			family === 'ipv4'
				? 12 + random.below(21)
				: random.pick([random.below(40) === 0 ? 31 : 113, 97, 104, 112, 120, 127, 128]);
		return ['addSubnet', start, prefix, family];
	}
	// The text of the range's other end has to be above; with equal lengths of groups it can be told by the texts.
	const end = draw();
	const [low, high] = sortable(start) <= sortable(end) ? [start, end] : [end, start];
	return random.below(20) === 0 ? ['addRange', low, high, family] : ['addRange', start, start, family];
}

function sortable(text: string): string {
	const mapped = text.startsWith('::ffff:') ? '0'.repeat(20) + 'ffff' : '';
	const octets = text.includes('.') ? text.replace('::ffff:', '').split('.') : [];
	if (octets.length > 0) return mapped + octets.map((octet) => Number(octet).toString(16).padStart(2, '0')).join('');
	return text.replaceAll(':', '');
}
