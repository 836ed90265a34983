/** A set of 128-bit addresses: sorted intervals that do not touch, found by binary search. Filled first, asked then. */
import { compareIPv6 } from '@net/ip';

interface Interval {
	first: Uint32Array;
	last: Uint32Array;
}

export class Intervals {
	#added: Interval[] = [];
	/** Four words each; made of what was added, when it is first asked for. */
	#firsts = new Uint32Array(0);
	#lasts = new Uint32Array(0);

	/** Both ends belong to it; `first` is not above `last`. The arrays are kept, not copied. */
	add(first: Uint32Array, last: Uint32Array): void {
		this.#added.push({ first, last });
	}

	has(words: Uint32Array): boolean {
		if (this.#added.length > 0) this.#build();
		// The last interval that begins at or below the address.
		let low = 0;
		let high = this.#firsts.length / 4;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (compareAt(this.#firsts, middle, words) <= 0) low = middle + 1;
			else high = middle;
		}
		return low > 0 && compareAt(this.#lasts, low - 1, words) >= 0;
	}

	#build(): void {
		const sorted = this.#added.sort((a, b) => compareIPv6(a.first, b.first));
		const merged: Interval[] = [];
		let top: Interval | undefined;
		for (const { first, last } of sorted) {
			if (top === undefined || compareIPv6(first, top.last) > 0) merged.push((top = { first, last }));
			else if (compareIPv6(last, top.last) > 0) top.last = last;
		}
		this.#firsts = flat(merged.map((interval) => interval.first));
		this.#lasts = flat(merged.map((interval) => interval.last));
		this.#added = [];
	}
}

function flat(addresses: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
	const words = new Uint32Array(4 * addresses.length);
	for (const [i, address] of addresses.entries()) words.set(address, 4 * i);
	return words;
}

/** As `compareIPv6`, for one of many. */
function compareAt(addresses: Uint32Array, index: number, words: Uint32Array): number {
	for (let i = 0; i < 4; i++) {
		const difference = (addresses[4 * index + i] ?? 0) - (words[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
