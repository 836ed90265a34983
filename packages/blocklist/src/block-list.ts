/** BlockList: addresses, ranges and subnets, and whether an address is among them. */
import { SocketAddress } from '@net/address';
import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, validateInt32, validateString } from '@net/errors';
import { compareIPv6, mappedIPv4, parseIPv4, parseIPv6 } from '@net/ip';
import type { Address } from './address.ts';
import { fromSocketAddress, MAPPED_FIRST } from './address.ts';
import { Intervals } from './intervals.ts';
import { parseRule } from './rule-text.ts';
import { Rules } from './rules.ts';

/** `'ipv4'` or `'ipv6'`, in any case of letters. */
export type Family = 'ipv4' | 'ipv6' | 'IPv4' | 'IPv6';

/** Addresses that are not routed on the Internet. */
const PRIVATE_RANGES = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'127.0.0.0/8',
	'::1/128',
	'169.254.0.0/16',
	'fe80::/10',
	'fc00::/7',
];

/** The address that is being checked. */
const words = new Uint32Array(4);

/**
 * A list of addresses to refuse. Node: net.BlockList (v15.0.0), with what Node 26 has of it.
 *
 * An IPv4 rule also matches `::ffff:a.b.c.d`, and a rule about such mapped addresses also matches IPv4; other addresses
 * that hold an IPv4 one (`::1.2.3.4`, `64:ff9b::…`) are not looked into. Zone ids, ports and flow labels are ignored.
 *
 * All `add…` and `remove…` take an address as a text or as a SocketAddress, whose own family then counts. They throw
 * ERR_INVALID_ADDRESS for a text that is no address of the family, ERR_INVALID_ARG_VALUE for an unknown family,
 * ERR_INVALID_ARG_TYPE for what is neither, and have then changed nothing.
 *
 * A structured clone of it is empty: send `toJSON()` to another thread, and give it to `fromJSON` there.
 */
export class BlockList {
	/** Prefixes that are private, loopback or link-local, for `addCIDRs`. Frozen. */
	static PRIVATE_RANGES: readonly string[] = Object.freeze(PRIVATE_RANGES);

	readonly #rules = new Rules();
	/** Made of the rules when it is asked for, dropped when they change. */
	#index: { ipv4: Intervals; ipv6: Intervals } | undefined;

	/** Whether this was made by the class above. */
	static isBlockList(value: unknown): value is BlockList {
		return typeof value === 'object' && value !== null && #rules in value;
	}

	addAddress(address: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#change().addAddress(readAddress(address, 'address', family));
	}

	/** Adds all of them, or none if one is bad. */
	addAddresses(addresses: readonly (string | SocketAddress)[], family: Family = 'ipv4'): void {
		if (!Array.isArray(addresses)) throw new ERR_INVALID_ARG_TYPE('addresses', 'Array', addresses);
		validateString(family, 'family');
		const read = Array.from(addresses, (address, i) => readAddress(address, `addresses[${i}]`, family));
		const rules = this.#change();
		for (const address of read) rules.addAddress(address);
	}

	/**
	 * Adds all addresses from `start` to `end`, both included.
	 * @throws ERR_INVALID_ARG_VALUE if `start` is above `end`.
	 */
	addRange(start: string | SocketAddress, end: string | SocketAddress, family: Family = 'ipv4'): void {
		const from = toSocketAddress(start, 'start', family);
		const first = fromSocketAddress(from);
		const last = readAddress(end, 'end', family);
		if (comparable(first, last) && compareIPv6(first.words, last.words) > 0) {
			throw new ERR_INVALID_ARG_VALUE('start', from, 'must come before end');
		}
		this.#change().addRange(first, last);
	}

	/**
	 * Adds all addresses that begin with the first `prefix` bits of `network`.
	 * @param prefix - 0–32 or 0–128.
	 * @throws ERR_OUT_OF_RANGE
	 */
	addSubnet(network: string | SocketAddress, prefix: number, family: Family = 'ipv4'): void {
		const subnet = readSubnet(network, prefix, family);
		this.#change().addSubnet(subnet.network, subnet.prefix);
	}

	/**
	 * Adds a subnet, given as `10.0.0.0/8`.
	 * @throws ERR_INVALID_ARG_VALUE without a prefix or with an odd one (`/08`).
	 */
	addCIDR(cidr: string): void {
		const { network, prefix } = readCIDR(cidr, 'cidr');
		this.#change().addSubnet(network, prefix);
	}

	/** Adds all of them, or none if one is bad. */
	addCIDRs(cidrs: readonly string[]): void {
		if (!Array.isArray(cidrs)) throw new ERR_INVALID_ARG_TYPE('cidrs', 'Array', cidrs);
		const read = Array.from(cidrs, (cidr, i) => readCIDR(cidr, `cidrs[${i}]`));
		const rules = this.#change();
		for (const { network, prefix } of read) rules.addSubnet(network, prefix);
	}

	/** Removes the rule about this one address. Ranges and subnets that hold it stay. */
	removeAddress(address: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#change().removeAddress(readAddress(address, 'address', family));
	}

	/** Removes the newest range of exactly these ends. */
	removeRange(start: string | SocketAddress, end: string | SocketAddress, family: Family = 'ipv4'): void {
		const first = readAddress(start, 'start', family);
		this.#change().removeRange(first, readAddress(end, 'end', family));
	}

	/** Removes the newest subnet of exactly this network, host bits included, and prefix. */
	removeSubnet(network: string | SocketAddress, prefix: number, family: Family = 'ipv4'): void {
		const subnet = readSubnet(network, prefix, family);
		this.#change().removeSubnet(subnet.network, subnet.prefix);
	}

	/** As `removeSubnet`, given as `10.0.0.0/8`. */
	removeCIDR(cidr: string): void {
		const { network, prefix } = readCIDR(cidr, 'cidr');
		this.#change().removeSubnet(network, prefix);
	}

	clear(): void {
		this.#change().clear();
	}

	/**
	 * Whether a rule matches. What is no address of the family is matched by none.
	 * @throws ERR_INVALID_ARG_TYPE for an address that is neither text nor SocketAddress, or a family that is no text.
	 */
	check(address: string | SocketAddress, family: Family = 'ipv4'): boolean {
		if (SocketAddress.isSocketAddress(address)) return this.#has(address.address, address.family);
		validateString(address, 'address');
		validateString(family, 'family');
		return this.#has(address, family === 'ipv4' || family === 'ipv6' ? family : family.toLowerCase());
	}

	/** One text a rule: addresses, subnets, ranges, each newest first. A new array each time. */
	get rules(): string[] {
		return this.#rules.texts();
	}

	/** How many rules there are. */
	get size(): number {
		return this.#rules.size;
	}

	/** The rules, for `JSON.stringify` and `fromJSON`. */
	toJSON(): string[] {
		return this.rules;
	}

	/**
	 * Adds the rules of `toJSON`, or of a text that JSON made of them, to those that are there. Texts that are no rules
	 * are passed over.
	 * @throws ERR_INVALID_ARG_TYPE for what is not an array of texts; SyntaxError for a text that is not JSON; as `add…`
	 *   for a rule with a bad address or prefix, the rules before it being added.
	 */
	fromJSON(data: string | readonly string[]): void {
		const list: unknown = typeof data === 'string' ? JSON.parse(data) : data;
		// Array.from, so that holes count as entries.
		if (!Array.isArray(list) || !Array.from(list).every((entry) => typeof entry === 'string')) {
			throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], list);
		}
		for (const text of list) {
			const rule = parseRule(text);
			if (rule?.kind === 'address') this.addAddress(rule.address, rule.family);
			if (rule?.kind === 'range') this.addRange(rule.start, rule.end, rule.family);
			if (rule?.kind === 'subnet') this.addSubnet(rule.network, rule.prefix, rule.family);
		}
	}

	#has(address: string, family: string): boolean {
		if (family === 'ipv4') {
			const parsed = parseIPv4(address);
			if (parsed < 0) return false;
			words.set(MAPPED_FIRST);
			words[3] = parsed;
			return this.#covered().ipv4.has(words);
		}
		if (family !== 'ipv6') return false;
		const percent = address.indexOf('%');
		const end = percent < 0 ? address.length : percent;
		return parseIPv6(address, words, 0, end) && this.#covered().ipv6.has(words);
	}

	#covered(): { ipv4: Intervals; ipv6: Intervals } {
		if (this.#index === undefined) {
			this.#index = { ipv4: new Intervals(), ipv6: new Intervals() };
			this.#rules.cover(this.#index.ipv4, this.#index.ipv6);
		}
		return this.#index;
	}

	#change(): Rules {
		this.#index = undefined;
		return this.#rules;
	}

	static {
		const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');
		Object.defineProperty(this.prototype, inspectSymbol, { value: inspectList, configurable: true, writable: true });
	}
}

/** How `util.inspect` and `console.log` write a BlockList. */
function inspectList(
	this: BlockList,
	depth: number,
	options: { depth?: number | null; stylize: (text: string, style: string) => string },
	inspect: (value: unknown, options: object) => string,
): string {
	if (depth < 0) return options.stylize('[BlockList]', 'special');
	const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
	return `BlockList ${inspect({ rules: this.rules }, inner)}`;
}

function readAddress(address: string | SocketAddress, name: string, family: Family): Address {
	return fromSocketAddress(toSocketAddress(address, name, family));
}

function toSocketAddress(address: string | SocketAddress, name: string, family: Family): SocketAddress {
	if (SocketAddress.isSocketAddress(address)) return address;
	validateString(address, name);
	validateString(family, 'family');
	// It lowers the case itself.
	return new SocketAddress({ address, family: family as 'ipv4' | 'ipv6' });
}

function readSubnet(
	network: string | SocketAddress,
	prefix: number,
	family: Family,
): { network: Address; prefix: number } {
	const address = readAddress(network, 'network', family);
	validateInt32(prefix, 'prefix', 0, address.family === 'ipv4' ? 32 : 128);
	return { network: address, prefix: prefix + 0 };
}

function readCIDR(cidr: string, name: string): { network: Address; prefix: number } {
	validateString(cidr, name);
	const slash = cidr.lastIndexOf('/');
	if (slash < 0) throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'must contain a prefix length (e.g. "10.0.0.0/8")');
	const digits = cidr.slice(slash + 1);
	const prefix = Number(digits);
	// Nothing but the plain spelling of an integer.
	if (!Number.isInteger(prefix) || String(prefix) !== digits) {
		throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'prefix length must be a valid integer');
	}
	const network = cidr.slice(0, slash);
	return readSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
}

/** IPv4 cannot be compared with IPv6 that is not mapped. */
function comparable(a: Address, b: Address): boolean {
	return a.family === b.family || (mappedIPv4(a.words) >= 0 && mappedIPv4(b.words) >= 0);
}
