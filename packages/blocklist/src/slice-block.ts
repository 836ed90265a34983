/**
 * The turns of a part of an IPv6 set, as words in an arena.
 *
 * A header has in its lowest bit whether the part begins inside, in the next two its form, and above them how many turns
 * there are: of one word, where all of them end in 64 zero bits, as those of prefixes up to /64 do, or of three. The first
 * words of all turns stand together, and before them each eighth one again, so that a search touches few lines of memory.
 */
import type { Arena } from './arena.ts';
import type { WideTurns } from './wide-turns.ts';

/** The forms that are not turns of one word. */
const THREE = 2;
/** What follows the header is no turns: see slices.ts. The count is one of bits. */
export const DIRECTORY = 4;
export const COUNT_SHIFT = 3;

/** How many turns stand between those that are repeated at the front. */
const RUN_SHIFT = 3;
const RUN = 1 << RUN_SHIFT;

/** Whether the lower 96 bits, signed, are in the block. */
export function blockHas(units: Uint32Array, at: number, header: number, w1: number, w2: number, w3: number): boolean {
	const count = header >>> COUNT_SHIFT;
	let rank = rankOf(units, at, count, w1);
	if ((header & THREE) !== 0 && rank > 0 && (units[firstTurn(at, count) + rank - 1] ?? 0) === w1 >>> 0) {
		rank = rankOfThree(units, at, count, rank, w1, w2, w3);
	}
	return ((rank + header) & 1) === 1;
}

/** Writes some turns. @returns where the block is. */
export function storeBlock(arena: Arena<Uint32Array>, list: WideTurns, from: number, to: number, state: 0 | 1): number {
	const { positions } = list;
	let form = 0;
	for (let i = from; i < to; i++) {
		if (((positions[3 * i + 1] ?? 0) | (positions[3 * i + 2] ?? 0)) !== 0) {
			form = THREE;
			break;
		}
	}
	const count = to - from;
	const header = (count << COUNT_SHIFT) | form | state;
	const at = arena.take(blockLength(header));
	const { units } = arena;
	units[at] = header;
	const first = firstTurn(at, count);
	for (let i = 0; i < count; i++) units[first + i] = positions[3 * (from + i)] ?? 0;
	for (let i = RUN; i < count; i += RUN) units[at + (i >>> RUN_SHIFT)] = units[first + i] ?? 0;
	for (let i = 0; form === THREE && i < count; i++) {
		units[first + count + 2 * i] = positions[3 * (from + i) + 1] ?? 0;
		units[first + count + 2 * i + 1] = positions[3 * (from + i) + 2] ?? 0;
	}
	return at;
}

/** Collects the turns of a block. */
export function readBlock(units: Uint32Array, block: number, into: WideTurns): void {
	const header = units[block] ?? 0;
	const count = header >>> COUNT_SHIFT;
	const first = firstTurn(block, count);
	let state = startOf(units, block);
	for (let i = 0; i < count; i++) {
		state = state === 0 ? 1 : 0;
		const at = first + count + 2 * i;
		if ((header & THREE) === 0) into.turn(units[first + i] ?? 0, 0, 0, state);
		else into.turn(units[first + i] ?? 0, units[at] ?? 0, units[at + 1] ?? 0, state);
	}
}

/** Whether a block begins inside. */
export function startOf(units: Uint32Array, block: number): 0 | 1 {
	return ((units[block] ?? 0) & 1) === 1 ? 1 : 0;
}

/** How many words a block takes that has this header. */
export function blockLength(header: number): number {
	const count = header >>> COUNT_SHIFT;
	if ((header & DIRECTORY) !== 0) return 1 + 2 ** count;
	return firstTurn(0, count) + count * ((header & THREE) === 0 ? 1 : 3);
}

/**
 * How many turns have a first word that is not above another one. Of the repeated ones none is guessed: a branch that
 * depends on what is compared, and goes the wrong way half the time, costs more than all of the search.
 * @param w1 - signed, as numbers above 2**31 may be objects where they are handed over.
 */
function rankOf(units: Uint32Array, block: number, count: number, w1: number): number {
	const a = w1 >>> 0;
	let first = block + 1;
	let rank = 0;
	if (count > RUN) {
		const repeated = (count - 1) >>> RUN_SHIFT;
		let base = first;
		let rest = repeated;
		while (rest > 1) {
			const half = rest >>> 1;
			base += -((units[base + half - 1] ?? 0) <= a) & half;
			rest -= half;
		}
		rank = (base - first + +((units[base] ?? 0) <= a)) << RUN_SHIFT;
		first += repeated;
	}
	// A block that is written again meanwhile may say anything of how many there are.
	const end = Math.min(count, rank + RUN);
	while (rank < end && (units[first + rank] ?? 0) <= a) rank++;
	return rank;
}

/** Of turns of three words, how many are not above an address, of which `rank` have a first word that is not. */
function rankOfThree(
	units: Uint32Array,
	block: number,
	count: number,
	rank: number,
	w1: number,
	w2: number,
	w3: number,
): number {
	const first = firstTurn(block, count);
	const b = w2 >>> 0;
	const c = w3 >>> 0;
	let low = w1 === 0 ? 0 : rankOf(units, block, count, (w1 - 1) | 0);
	let high = rank;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const at = first + count + 2 * middle;
		const second = units[at] ?? 0;
		if (second < b || (second === b && (units[at + 1] ?? 0) <= c)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Where the first words of a block's turns are. */
function firstTurn(block: number, count: number): number {
	return block + 1 + (count > RUN ? (count - 1) >>> RUN_SHIFT : 0);
}
