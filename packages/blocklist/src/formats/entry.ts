/** One entry of a list: an address, a CIDR, a subnet with a netmask, or a range. */
import { compareIPv6, maskIPv4 } from '@net/ip';
import type { Kind, RuleBatch } from '../batch.ts';
import { KIND } from '../batch.ts';
import { Scanner } from './scan.ts';

const TAB = 0x09;
const SPACE = 0x20;
const DASH = 0x2d;
const SLASH = 0x2f;
const ZERO = 0x30;

/** Reads the entry that begins at a place. It is kept until the next one is read, and added to a batch by `addTo`. */
export class Entry {
	kind: Kind = KIND.none;
	family: 4 | 6 = 4;
	prefix = 0;
	/** The ends where the family is 4; without a range, only the first counts. */
	first = 0;
	last = 0;
	/** The ends where the family is 6. */
	readonly firstWords: Uint32Array<ArrayBuffer> = new Uint32Array(4);
	readonly lastWords: Uint32Array<ArrayBuffer> = new Uint32Array(4);
	/** The place behind the entry. */
	stop = 0;
	readonly #scanner = new Scanner();

	/** @returns whether there is an entry; what follows it is not looked at. */
	read(bytes: Uint8Array, start: number, end: number): boolean {
		this.kind = KIND.none;
		if (!this.#readAddress(bytes, start, end)) return false;
		const code = this.stop < end ? bytes[this.stop] : SPACE;
		if (code === SLASH) return this.#readPrefix(bytes, this.stop + 1, end);
		if (code !== DASH && code !== SPACE && code !== TAB) return true;
		let at = skipSpaces(bytes, this.stop, end);
		if (at === end || bytes[at] !== DASH) return true;
		at = skipSpaces(bytes, at + 1, end);
		return this.readEnd(bytes, at, end);
	}

	/** Makes the address that was read before a range, by the address that stands at a place. */
	readEnd(bytes: Uint8Array, start: number, end: number): boolean {
		if (this.kind !== KIND.address) return false;
		if (this.family === 4) {
			this.last = this.#scanner.ipv4(bytes, start, end);
			if (this.last < this.first) return false;
		} else {
			if (!this.#scanner.ipv6(bytes, start, end)) return false;
			this.lastWords.set(this.#scanner.words);
			if (compareIPv6(this.firstWords, this.lastWords) > 0) return false;
		}
		this.kind = KIND.range;
		this.stop = this.#scanner.stop;
		return true;
	}

	/** Reads a range of a p2p list, whose octets may have leading zeros, and which nothing follows. */
	readPadded(bytes: Uint8Array, start: number, end: number): boolean {
		const scanner = this.#scanner;
		this.kind = KIND.none;
		this.family = 4;
		this.first = scanner.ipv4(bytes, start, end, true);
		if (this.first < 0) return false;
		let at = skipSpaces(bytes, scanner.stop, end);
		if (bytes[at] !== DASH) return false;
		at = skipSpaces(bytes, at + 1, end);
		this.last = scanner.ipv4(bytes, at, end, true);
		if (this.last < this.first || scanner.stop !== end) return false;
		this.kind = KIND.range;
		this.stop = end;
		return true;
	}

	/** Adds the entry that was read last, with what the batch has set as line, label and source. */
	addTo(batch: RuleBatch): void {
		if (this.family === 4) {
			if (this.kind === KIND.address) batch.addIPv4Address(this.first);
			else if (this.kind === KIND.subnet) batch.addIPv4Subnet(this.first, this.prefix);
			else batch.addIPv4Range(this.first, this.last);
		} else if (this.kind === KIND.address) batch.addIPv6Address(this.firstWords);
		else if (this.kind === KIND.subnet) batch.addIPv6Subnet(this.firstWords, this.prefix);
		else batch.addIPv6Range(this.firstWords, this.lastWords);
	}

	#readAddress(bytes: Uint8Array, start: number, end: number): boolean {
		const scanner = this.#scanner;
		const address = scanner.ipv4(bytes, start, end);
		if (address >= 0) {
			this.family = 4;
			this.first = address;
		} else if (scanner.ipv6(bytes, start, end)) {
			this.family = 6;
			this.firstWords.set(scanner.words);
		} else {
			return false;
		}
		this.kind = KIND.address;
		this.stop = scanner.stop;
		return true;
	}

	/** Reads what stands behind the slash: a count of bits, or for IPv4 a netmask. */
	#readPrefix(bytes: Uint8Array, start: number, end: number): boolean {
		this.kind = KIND.none;
		let at = start;
		let prefix = 0;
		for (; at < end && at - start < 3; at++) {
			const digit = (bytes[at] ?? 0) - ZERO;
			if (digit < 0 || digit > 9) break;
			prefix = prefix * 10 + digit;
		}
		if (this.family === 4) {
			const mask = this.#scanner.ipv4(bytes, start, end);
			if (mask >= 0) {
				prefix = Math.clz32(~mask);
				// Its ones must come first. 0.0.0.0 is refused: as a netmask it is /0, as a wildcard mask /32.
				if (mask === 0 || mask !== maskIPv4(prefix)) return false;
				at = this.#scanner.stop;
			}
		}
		if (at === start || prefix > (this.family === 4 ? 32 : 128)) return false;
		if (bytes[start] === ZERO && at - start > 1) return false;
		this.prefix = prefix;
		this.kind = KIND.subnet;
		this.stop = at;
		return true;
	}
}

/** The place of the next byte that is neither space nor tab. */
export function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
	let at = start;
	while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
	return at;
}
