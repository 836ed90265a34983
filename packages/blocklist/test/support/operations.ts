/** Calls of a BlockList as data, drawn from a seed: the same list of calls is made of Node's and of ours. */
import { inspect } from 'node:util';
import { Random } from '@tooling/test';

/** An address as a text with a family, or as a SocketAddress. */
interface Address {
	text: string;
	family: 'ipv4' | 'ipv6';
	asObject: boolean;
}

export type Operation =
	| { call: 'addAddress' | 'removeAddress' | 'check'; address: Address }
	| { call: 'addRange' | 'removeRange'; start: Address; end: Address }
	| { call: 'addSubnet' | 'removeSubnet'; network: Address; prefix: number }
	| { call: 'addCIDR' | 'removeCIDR'; network: Address; prefix: number }
	| { call: 'clear' | 'rules' | 'save' };

/** What the operations are made of: Node's or ours. The types of Node's do not know all of it yet. */
export interface Classes {
	BlockList: new () => object;
	SocketAddress: new (options: { address: string; family: 'ipv4' | 'ipv6' }) => object;
}

/**
 * One life of a list. Addresses are near each other, so that rules meet, and half of those of IPv6 are near the mapped
 * ones; every change is followed by some checks.
 */
export function operations(seed: number): Operation[] {
	const random = new Random(seed);
	const list: Operation[] = [];
	for (let i = random.below(12) + 3; i > 0; i--) {
		list.push(change(random, list));
		for (let checks = 12; checks > 0; checks--) list.push({ call: 'check', address: address(random) });
	}
	return [...list, { call: 'rules' }, { call: 'save' }];
}

/** Makes the calls of a new list; what each returned or threw, `rules` with the addresses sorted. */
export function run({ BlockList, SocketAddress }: Classes, list: readonly Operation[]): unknown[] {
	let blockList = new BlockList();
	const call = (name: string, ...args: unknown[]): unknown => {
		const method: unknown = Reflect.get(blockList, name);
		if (typeof method !== 'function') throw new TypeError(`no ${name}`);
		return Reflect.apply(method, blockList, args) ?? null;
	};
	const given = ({ text, family, asObject }: Address): [unknown, string] => [
		asObject ? new SocketAddress({ address: text, family }) : text,
		family,
	];
	const perform = (operation: Operation): unknown => {
		switch (operation.call) {
			case 'addAddress':
			case 'removeAddress':
			case 'check':
				return call(operation.call, ...given(operation.address));
			case 'addRange':
			case 'removeRange': {
				const [start] = given(operation.start);
				return call(operation.call, start, ...given(operation.end));
			}
			case 'addSubnet':
			case 'removeSubnet': {
				const [network, family] = given(operation.network);
				return call(operation.call, network, operation.prefix, family);
			}
			case 'addCIDR':
			case 'removeCIDR':
				return call(operation.call, `${operation.network.text}/${operation.prefix}`);
			case 'clear':
				return call('clear');
			case 'rules':
				return [inOrder(Reflect.get(blockList, 'rules')), Reflect.get(blockList, 'size')];
			case 'save': {
				const saved = JSON.stringify(blockList);
				blockList = new BlockList();
				call('fromJSON', saved);
				return inOrder(Reflect.get(blockList, 'rules'));
			}
		}
	};
	return list.map((operation) => {
		try {
			return perform(operation);
		} catch (error) {
			return inspect(error).replace(/\n\s+at [^\n]*/g, '');
		}
	});
}

/** Node keeps addresses in a hash table, so that with several of them their order is nobody's promise. */
function inOrder(rules: unknown): unknown {
	if (!Array.isArray(rules)) return rules;
	const addresses = rules.filter((rule) => String(rule).startsWith('Address'));
	return [...addresses.sort(), ...rules.slice(addresses.length)];
}

function change(random: Random, earlier: readonly Operation[]): Operation {
	const before = earlier.filter((operation) => operation.call.startsWith('add'));
	switch (random.below(16)) {
		case 0:
		case 1:
		case 2:
			return { call: 'addAddress', address: address(random) };
		case 3:
		case 4:
		case 5: {
			const start = address(random);
			// Mostly of one family, as one call's texts are.
			const end =
				random.below(4) === 0 ? address(random) : { ...address(random, start.family), asObject: start.asObject };
			return { call: 'addRange', start, end: start.asObject ? end : { ...end, asObject: end.family !== start.family } };
		}
		case 6:
		case 7:
		case 8:
			return { call: 'addSubnet', ...subnet(random) };
		case 9:
			return { call: 'addCIDR', ...subnet(random) };
		case 10:
			return random.below(6) === 0 ? { call: 'clear' } : { call: 'rules' };
		default:
			return removal(before[random.below(before.length)]) ?? { call: 'removeAddress', address: address(random) };
	}
}

/** The call that takes back an earlier one. */
function removal(added: Operation | undefined): Operation | undefined {
	switch (added?.call) {
		case 'addAddress':
			return { ...added, call: 'removeAddress' };
		case 'addRange':
			return { ...added, call: 'removeRange' };
		case 'addSubnet':
			return { ...added, call: 'removeSubnet' };
		case 'addCIDR':
			return { ...added, call: 'removeCIDR' };
		default:
			return undefined;
	}
}

function subnet(random: Random): { network: Address; prefix: number } {
	const network = address(random);
	const bits = network.family === 'ipv4' ? 32 : 128;
	// Around the ends and where the mapped block begins; now and then out of range.
	const prefix = random.pick([0, 1, bits - 1, bits, bits + 1, 24, 31, 80, 95, 96, 97, 104, 120, 127]);
	return { network, prefix };
}

function address(random: Random, family: 'ipv4' | 'ipv6' = random.pick(['ipv4', 'ipv6'])): Address {
	const asObject = random.below(4) === 0;
	if (family === 'ipv4') return { text: dotted(random), family, asObject };
	const text = random.pick<() => string>([
		() => `::ffff:${dotted(random)}`,
		() => `::ffff:${group(random)}:${group(random)}`,
		() => `::FFFF:${dotted(random)}%eth0`,
		() => `::${dotted(random)}`,
		() => `64:ff9b::${dotted(random)}`,
		() => `${group(random)}::${group(random)}`,
		() => `0:0:0:0:${group(random)}:${random.pick(['ffff', 'fffe', '0', '1'])}:${group(random)}:${group(random)}`,
		() => `2001:db8::${group(random)}:${group(random)}`,
		() => '::',
		() => '::1:0:0:0',
		() => 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
	])();
	return { text, family, asObject };
}

function dotted(random: Random): string {
	return Array.from({ length: 4 }, () => random.pick([0, 1, 1, 2, 127, 128, 255])).join('.');
}

function group(random: Random): string {
	return random.pick([0, 0, 1, 2, 0x101, 0x7fff, 0x8000, 0xffff]).toString(16);
}
