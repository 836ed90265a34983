/** The rules as they were given: what `rules` shows, and what can be removed again. */
import { compareIPv6, firstIPv6, lastIPv6, mappedIPv4 } from '@net/ip';
import type { Address } from './address.ts';
import { formatAddress, MAPPED_FIRST, MAPPED_LAST, sameAddress } from './address.ts';
import type { Intervals } from './intervals.ts';

interface Range {
	start: Address;
	end: Address;
}

interface Subnet {
	network: Address;
	prefix: number;
}

/** How many of the 128 bits come before an IPv4 address. */
const MAPPED_BITS = 96;

export class Rules {
	/** By their 128 bits, so that `1.2.3.4` and `::ffff:1.2.3.4` are one rule. */
	readonly #addresses = new Map<string, Address>();
	readonly #subnets: Subnet[] = [];
	readonly #ranges: Range[] = [];

	get size(): number {
		return this.#addresses.size + this.#subnets.length + this.#ranges.length;
	}

	/** One that is there already keeps its place. */
	addAddress(address: Address): void {
		this.#addresses.set(keyOf(address), address);
	}

	addSubnet(network: Address, prefix: number): void {
		this.#subnets.push({ network, prefix });
	}

	addRange(start: Address, end: Address): void {
		this.#ranges.push({ start, end });
	}

	removeAddress(address: Address): void {
		this.#addresses.delete(keyOf(address));
	}

	/** Removes the newest rule of exactly this network and prefix, if there is one. */
	removeSubnet(network: Address, prefix: number): void {
		removeLast(this.#subnets, (subnet) => subnet.prefix === prefix && sameAddress(subnet.network, network));
	}

	/** Removes the newest rule of exactly these ends, if there is one. */
	removeRange(start: Address, end: Address): void {
		removeLast(this.#ranges, (range) => sameAddress(range.start, start) && sameAddress(range.end, end));
	}

	clear(): void {
		this.#addresses.clear();
		this.#subnets.length = 0;
		this.#ranges.length = 0;
	}

	/** In Node's order: addresses, subnets, ranges, each newest first. */
	texts(): string[] {
		const addresses = Array.from(this.#addresses.values(), (address) => `Address: ${named(address)}`);
		const subnets = this.#subnets.map(({ network, prefix }) => `Subnet: ${named(network)}/${prefix}`);
		const ranges = this.#ranges.map(({ start, end }) => `Range: ${named(start)}-${formatAddress(end)}`);
		return [...addresses.reverse(), ...subnets.reverse(), ...ranges.reverse()];
	}

	/**
	 * Tells which addresses the rules cover. An IPv6 address is asked for in its 128 bits, where IPv4 rules are mapped.
	 * An IPv4 address is asked for apart: a range of IPv6 with an end outside of the mapped block does not cover any.
	 */
	cover(ipv4: Intervals, ipv6: Intervals): void {
		for (const address of this.#addresses.values()) coverRange(address, address, ipv4, ipv6);
		for (const { network, prefix } of this.#subnets) coverSubnet(network, prefix, ipv4, ipv6);
		for (const { start, end } of this.#ranges) coverRange(start, end, ipv4, ipv6);
	}
}

function coverSubnet({ family, words }: Address, prefix: number, ipv4: Intervals, ipv6: Intervals): void {
	const length = family === 'ipv4' ? MAPPED_BITS + prefix : prefix;
	const first = new Uint32Array(4);
	const last = new Uint32Array(4);
	firstIPv6(words, length, first);
	lastIPv6(words, length, last);
	ipv6.add(first, last);
	// A subnet lies within the mapped block, has nothing of it, or holds all of it.
	if (length > MAPPED_BITS) {
		if (mappedIPv4(first) >= 0) ipv4.add(first, last);
	} else if (compareIPv6(first, MAPPED_FIRST) <= 0 && compareIPv6(last, MAPPED_LAST) >= 0) {
		ipv4.add(MAPPED_FIRST, MAPPED_LAST);
	}
}

function coverRange(start: Address, end: Address, ipv4: Intervals, ipv6: Intervals): void {
	// An end of IPv4 can only be compared with what is mapped.
	const mapped = start.family === 'ipv4' || end.family === 'ipv4';
	const first = mapped && compareIPv6(start.words, MAPPED_FIRST) < 0 ? MAPPED_FIRST : start.words;
	const last = mapped && compareIPv6(end.words, MAPPED_LAST) > 0 ? MAPPED_LAST : end.words;
	if (compareIPv6(first, last) <= 0) ipv6.add(first, last);
	if (mappedIPv4(start.words) >= 0 && mappedIPv4(end.words) >= 0) ipv4.add(start.words, end.words);
}

function keyOf({ words }: Address): string {
	return words.join();
}

function named(address: Address): string {
	return `${address.family === 'ipv4' ? 'IPv4' : 'IPv6'} ${formatAddress(address)}`;
}

function removeLast<T>(list: T[], matches: (entry: T) => boolean): void {
	const found = list.findLastIndex(matches);
	if (found >= 0) list.splice(found, 1);
}
