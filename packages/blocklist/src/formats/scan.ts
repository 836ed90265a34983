/** Bytes to addresses, in one pass and without making a text: what `@net/ip` takes for an address, and nothing else. */

const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

/** The value of a hexadecimal digit by its byte; -1 for what is none. */
export const HEX: Int8Array<ArrayBuffer> = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
	HEX[digit.toString(16).charCodeAt(0)] = digit;
	HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const groups = new Uint16Array(8);

/** Reads the address that begins at a place, and tells where it ended. */
export class Scanner {
	/** The place behind the address that was read last. */
	stop = 0;
	/** The IPv6 address that was read last. */
	readonly words: Uint32Array<ArrayBuffer> = new Uint32Array(4);

	/**
	 * Reads `a.b.c.d`.
	 * @param padded - whether octets may have leading zeros, which p2p lists fill them up with.
	 * @returns -1 where there is none.
	 */
	ipv4(bytes: Uint8Array, start: number, end: number, padded = false): number {
		let address = 0;
		let at = start;
		for (let octets = 0; octets < 4; octets++) {
			if (octets > 0 && bytes[at++] !== DOT) return -1;
			const first = at;
			let octet = 0;
			for (; at < end && at - first < 3; at++) {
				const digit = (bytes[at] ?? 0) - ZERO;
				if (digit < 0 || digit > 9) break;
				octet = octet * 10 + digit;
			}
			if (at === first || octet > 255) return -1;
			if (!padded && bytes[first] === ZERO && at - first > 1) return -1;
			address = address * 256 + octet;
		}
		// A fourth digit.
		const next = at < end ? (bytes[at] ?? 0) - ZERO : -1;
		if (next >= 0 && next <= 9) return -1;
		this.stop = at;
		return address;
	}

	/** Reads an IPv6 address without a zone into `words`. @returns whether there is one. */
	ipv6(bytes: Uint8Array, start: number, end: number): boolean {
		let at = start;
		let count = 0;
		let gap = -1;
		if (bytes[at] === COLON) {
			if (at + 1 >= end || bytes[at + 1] !== COLON) return false;
			gap = 0;
			at += 2;
		}
		let value = 0;
		let digits = 0;
		for (; at < end; at++) {
			const code = bytes[at] ?? 0;
			const digit = HEX[code] ?? -1;
			if (digit >= 0) {
				if (++digits > 4) return false;
				value = value * 16 + digit;
			} else if (code === COLON) {
				if (digits > 0) {
					if (count === 7) return false;
					groups[count++] = value;
					value = digits = 0;
				} else {
					// The second colon of `::`. A third one, or a second `::`, finds the gap taken.
					if (gap >= 0 || count === 0) return false;
					gap = count;
				}
			} else if (code === DOT && digits > 0) {
				const tail = count > 6 ? -1 : this.ipv4(bytes, at - digits, end);
				if (tail < 0) return false;
				groups[count++] = tail >>> 16;
				value = tail & 0xffff;
				at = this.stop;
				break;
			} else {
				break;
			}
		}
		if (digits > 0) groups[count++] = value;
		else if (gap !== count) return false;
		if (gap >= 0 ? count > 7 : count !== 8) return false;
		this.#spread(count, gap);
		this.stop = at;
		return true;
	}

	/** Puts the groups that were written into the words, zeros where `::` stands. */
	#spread(count: number, gap: number): void {
		const hidden = 8 - count;
		const front = gap < 0 ? 8 : gap;
		for (let i = 0; i < 4; i++) {
			const high = 2 * i;
			const low = high + 1;
			const upper = high < front ? groups[high] : high < front + hidden ? 0 : groups[high - hidden];
			const lower = low < front ? groups[low] : low < front + hidden ? 0 : groups[low - hidden];
			this.words[i] = ((upper ?? 0) << 16) | (lower ?? 0);
		}
	}
}
