/** What a list blocks, and until when. */
import { compareIPv6 } from '@net/ip';
import type { RuleBatch } from '../batch.ts';
import { KIND } from '../batch.ts';
import { Cover } from '../cover.ts';
import { compareRank, spanOf, step } from '../resolve.ts';
import type { Segment } from '../resolve.ts';
import type { Blocks } from './blocks.ts';
import { blocksOf } from './blocks.ts';

const WORD_MAX = 0xffff_ffff;

interface EndingSegment extends Segment {
	/** In milliseconds since 1970; `Infinity`: never. */
	end: number;
}

/** Whether a rule ends, or lets pass: what `blocksOf` does not look at. */
export function hasMore(batch: RuleBatch): boolean {
	for (let row = 0; row < batch.length; row++) {
		if (batch.kind(row) !== KIND.none && (batch.isException(row) || batch.expiryOf(row) !== Infinity)) return true;
	}
	return false;
}

/** When the next rule ends that has not yet; `Infinity` if none does. */
export function nextEnd(batch: RuleBatch, now: number): number {
	let next = Infinity;
	for (let row = 0; row < batch.length; row++) {
		const end = batch.expiryOf(row);
		if (batch.kind(row) !== KIND.none && end > now && end < next) next = end;
	}
	return next;
}

/**
 * Ranges as those of `blocksOf`, without what exceptions let pass, cut where their ends differ. What is let pass until an
 * exception ends is not among them.
 */
export function endingBlocksOf(batch: RuleBatch, now: number): Blocks {
	if (!hasMore(batch)) return blocksOf(batch);
	const four: EndingSegment[] = [];
	const six: EndingSegment[] = [];
	const cover = new Cover();
	const [first, last] = [new Uint32Array(4), new Uint32Array(4)];
	for (let row = 0; row < batch.length; row++) {
		const end = batch.expiryOf(row);
		if (batch.kind(row) === KIND.none || end <= now) continue;
		batch.readFirst(row, first);
		batch.readLast(row, last);
		const rest = { span: spanOf(first, last), exception: batch.isException(row), end };
		cover.read(batch, row);
		const { firstIPv4, lastIPv4 } = cover;
		if (cover.inIPv6) six.push({ first: cover.first.slice(), last: cover.last.slice(), ...rest });
		if (cover.inIPv4) {
			four.push({ first: Uint32Array.of(0, 0, 0, firstIPv4), last: Uint32Array.of(0, 0, 0, lastIPv4), ...rest });
		}
	}
	const [ipv4, ipv6] = [sweep(four, now), sweep(six, now)];
	return {
		ipv4: ipv4.words.filter((_, i) => i % 4 === 3),
		ipv6: ipv6.words,
		ends: { ipv4: ipv4.ends, ipv6: ipv6.ends },
	};
}

/** Goes over all addresses from the lowest on, with the rules about each. */
function sweep(segments: EndingSegment[], now: number): { words: Uint32Array; ends: Float64Array } {
	const pieces = new Pieces();
	const byFirst = segments.sort((a, b) => compareIPv6(a.first, b.first));
	let active: EndingSegment[] = [];
	let next = 0;
	let at = byFirst[0]?.first;
	while (at !== undefined) {
		const from: Uint32Array = at;
		active = active.filter(({ last }) => compareIPv6(last, from) >= 0);
		for (let one = byFirst[next]; one && compareIPv6(one.first, from) <= 0; one = byFirst[++next]) active.push(one);
		const following = byFirst[next]?.first;
		const [one, ...others] = active;
		if (one === undefined) {
			at = following;
			continue;
		}
		let until = others.reduce((least, { last }) => (compareIPv6(last, least) < 0 ? last : least), one.last);
		if (following !== undefined && compareIPv6(following, until) <= 0) until = step(following, -1);
		const end = endOf(active, now);
		if (end > now) pieces.add(from, until, end);
		at = until.every((word) => word === WORD_MAX) ? undefined : step(until, 1);
	}
	return pieces;
}

/** Until when an address is blocked without a break; the past if it is not. */
function endOf(active: EndingSegment[], now: number): number {
	let end = now;
	for (const one of active.sort(compareRank)) {
		if (one.end <= end) continue;
		if (one.exception) break;
		end = one.end;
	}
	return end;
}

/** Collects ranges, and joins those that meet and end at the same time. */
class Pieces {
	readonly #words: number[] = [];
	readonly #ends: number[] = [];

	add(first: Uint32Array, last: Uint32Array, end: number): void {
		const words = this.#words;
		const meets = this.#ends.at(-1) === end && compareIPv6(step(Uint32Array.from(words.slice(-4)), 1), first) === 0;
		if (meets) words.length -= 4;
		else {
			words.push(...first);
			this.#ends.push(end);
		}
		words.push(...last);
	}

	get words(): Uint32Array {
		return Uint32Array.from(this.#words);
	}

	get ends(): Float64Array {
		return Float64Array.from(this.#ends);
	}
}
