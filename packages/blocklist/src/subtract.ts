/** Ranges without other ranges, both ascending and apart from each other: in one pass over both. */

const WORD_MAX = 0xffff_ffff;

/** Of IPv4: pairs of ends. */
export function subtractPairs(from: Uint32Array, less: Uint32Array): Uint32Array {
	// Each range that is taken away ends one that is left at most, and so does each one it is taken from.
	const rest = new Uint32Array(from.length + less.length);
	let length = 0;
	let next = 0;
	for (let i = 0; i < from.length; i += 2) {
		let start = from[i] ?? 0;
		const end = from[i + 1] ?? 0;
		while (next < less.length && (less[next + 1] ?? 0) < start) next += 2;
		// The last one that is looked at may reach into the next range.
		for (let k = next; k < less.length && (less[k] ?? 0) <= end; k += 2) {
			if ((less[k] ?? 0) > start) {
				rest[length++] = start;
				rest[length++] = (less[k] ?? 0) - 1;
			}
			start = Math.max(start, (less[k + 1] ?? 0) + 1);
		}
		if (start > end) continue;
		rest[length++] = start;
		rest[length++] = end;
	}
	return rest.slice(0, length);
}

/** Of IPv6: eight words a range. */
export function subtractWide(from: Uint32Array, less: Uint32Array): Uint32Array {
	const rest = new Uint32Array(from.length + less.length);
	let length = 0;
	let next = 0;
	const start = new Uint32Array(4);
	for (let i = 0; i < from.length; i += 8) {
		copy(from, i, start, 0);
		while (next < less.length && compare(less, next + 4, start, 0) < 0) next += 8;
		let isOver = false;
		for (let k = next; k < less.length && compare(less, k, from, i + 4) <= 0; k += 8) {
			if (compare(less, k, start, 0) > 0) {
				copy(start, 0, rest, length);
				copy(less, k, rest, length + 4);
				stepBack(rest, length + 4);
				length += 8;
			}
			isOver = compare(less, k + 4, from, i + 4) >= 0;
			if (isOver) break;
			copy(less, k + 4, start, 0);
			stepOn(start);
		}
		if (isOver) continue;
		copy(start, 0, rest, length);
		copy(from, i + 4, rest, length + 4);
		length += 8;
	}
	return rest.slice(0, length);
}

function compare(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
	for (let i = 0; i < 4; i++) {
		const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

function copy(from: Uint32Array, at: number, to: Uint32Array, atTo: number): void {
	for (let i = 0; i < 4; i++) to[atTo + i] = from[at + i] ?? 0;
}

/** To the address before; there is one. */
function stepBack(words: Uint32Array, at: number): void {
	let i = at + 3;
	while (words[i] === 0) words[i--] = WORD_MAX;
	words[i] = (words[i] ?? 0) - 1;
}

/** To the address behind; there is one. */
function stepOn(words: Uint32Array): void {
	let i = 3;
	while (words[i] === WORD_MAX) words[i--] = 0;
	words[i] = (words[i] ?? 0) + 1;
}
