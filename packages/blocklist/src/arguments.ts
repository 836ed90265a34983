/** The arguments of a list's calls, as rules in a batch. */
import { SocketAddress } from '@net/address';
import { ERR_INVALID_ARG_VALUE, validateInt32, validateString } from '@net/errors';
import { compareIPv6, mappedIPv4, parseIPv4, parseIPv6 } from '@net/ip';
import type { Family } from './ask.ts';
import type { RuleBatch } from './batch.ts';
import { MAPPED_FIRST } from './cover.ts';
import { readIPv4Text, readIPv6Text } from './text.ts';

/** An address, IPv4 at `::ffff:0:0`, and the family it was given in. */
interface Address {
	isIPv6: boolean;
	words: Uint32Array;
}

const words = new Uint32Array(4);

export function putAddress(batch: RuleBatch, address: string | SocketAddress, name: string, family: Family): void {
	// The plain cases, without an object for each of them.
	if (typeof address === 'string' && family === 'ipv4' && readIPv4Text(address, words)) {
		batch.addIPv4Address(words[3] ?? 0);
		return;
	}
	if (typeof address === 'string' && family === 'ipv6' && readIPv6Text(address, words)) {
		batch.addIPv6Address(words);
		return;
	}
	const given = readAddress(address, name, family);
	if (given.isIPv6) batch.addIPv6Address(given.words);
	else batch.addIPv4Address(given.words[3] ?? 0);
}

/** @throws ERR_INVALID_ARG_VALUE if `isOrdered` and `start` is above `end`. */
export function putRange(
	batch: RuleBatch,
	start: string | SocketAddress,
	end: string | SocketAddress,
	family: Family,
	isOrdered: boolean,
): void {
	const from = toSocketAddress(start, 'start', family);
	const first = wordsOf(from);
	const last = readAddress(end, 'end', family);
	if (isOrdered && comparable(first, last) && compareIPv6(first.words, last.words) > 0) {
		throw new ERR_INVALID_ARG_VALUE('start', from, 'must come before end');
	}
	if (first.isIPv6 || last.isIPv6) batch.addIPv6Range(first.words, last.words, first.isIPv6, last.isIPv6);
	else batch.addIPv4Range(first.words[3] ?? 0, last.words[3] ?? 0);
}

export function putSubnet(batch: RuleBatch, network: string | SocketAddress, prefix: number, family: Family): void {
	const address = readAddress(network, 'network', family);
	validateInt32(prefix, 'prefix', 0, address.isIPv6 ? 128 : 32);
	if (address.isIPv6) batch.addIPv6Subnet(address.words, prefix + 0);
	else batch.addIPv4Subnet(address.words[3] ?? 0, prefix + 0);
}

export function putCIDR(batch: RuleBatch, cidr: string, name: string): void {
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
	putSubnet(batch, network, prefix, familyOf(network));
}

/** An address, a prefix or a range (`a-b`), of the family that it looks like. */
export function putText(batch: RuleBatch, rule: string): void {
	validateString(rule, 'rule');
	const dash = rule.indexOf('-');
	if (rule.includes('/')) putCIDR(batch, rule, 'rule');
	else if (dash < 0) putAddress(batch, rule, 'rule', familyOf(rule));
	else putRange(batch, rule.slice(0, dash).trim(), rule.slice(dash + 1).trim(), familyOf(rule), true);
}

function familyOf(text: string): 'ipv4' | 'ipv6' {
	return text.includes(':') ? 'ipv6' : 'ipv4';
}

function readAddress(address: string | SocketAddress, name: string, family: Family): Address {
	return wordsOf(toSocketAddress(address, name, family));
}

function toSocketAddress(address: string | SocketAddress, name: string, family: Family): SocketAddress {
	if (SocketAddress.isSocketAddress(address)) return address;
	validateString(address, name);
	validateString(family, 'family');
	// It lowers the case itself.
	return new SocketAddress({ address, family: family as 'ipv4' | 'ipv6' });
}

function wordsOf({ family, address }: SocketAddress): Address {
	const given = Uint32Array.from(MAPPED_FIRST);
	if (family === 'ipv4') given[3] = parseIPv4(address);
	else parseIPv6(address, given);
	return { isIPv6: family === 'ipv6', words: given };
}

/** IPv4 cannot be compared with IPv6 that is not mapped. */
function comparable(a: Address, b: Address): boolean {
	return a.isIPv6 === b.isIPv6 || (mappedIPv4(a.words) >= 0 && mappedIPv4(b.words) >= 0);
}
