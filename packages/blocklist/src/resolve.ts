/** Which addresses are left when rules and exceptions meet: the narrowest decides, of equally narrow ones the exception. */
import { compareIPv6 } from '@net/ip';

/** Addresses of one rule, four words each. */
export interface Segment {
	first: Uint32Array;
	last: Uint32Array;
	/** How many addresses the whole rule is about, less one. */
	span: Uint32Array;
	exception: boolean;
}

/** @returns what is blocked: eight words a range, ascending, apart from each other. */
export function resolve(segments: Segment[]): Uint32Array {
	const words: number[] = [];
	const byFirst = segments.sort((a, b) => compareIPv6(a.first, b.first));
	const active = new Heap();
	let next = 0;
	let at = byFirst[0]?.first;
	while (at !== undefined) {
		for (let one = byFirst[next]; one && compareIPv6(one.first, at) <= 0; one = byFirst[++next]) active.push(one);
		for (let top = active.top(); top && compareIPv6(top.last, at) < 0; top = active.top()) active.pop();
		const decisive = active.top();
		const following = byFirst[next]?.first;
		if (decisive === undefined) {
			at = following;
			continue;
		}
		let until = decisive.last;
		if (following !== undefined && compareIPv6(following, until) <= 0) until = step(following, -1);
		if (!decisive.exception) addRange(words, at, until);
		at = until.every((word) => word === 0xffff_ffff) ? undefined : step(until, 1);
	}
	return Uint32Array.from(words);
}

/** `last` less `first`. */
export function spanOf(first: Uint32Array, last: Uint32Array): Uint32Array {
	const span = new Uint32Array(4);
	let borrow = 0;
	for (let i = 3; i >= 0; i--) {
		const difference = (last[i] ?? 0) - (first[i] ?? 0) - borrow;
		span[i] = difference;
		borrow = difference < 0 ? 1 : 0;
	}
	return span;
}

/** Below 0 if `a` decides where both apply. */
export function compareRank(a: Pick<Segment, 'span' | 'exception'>, b: Pick<Segment, 'span' | 'exception'>): number {
	return compareIPv6(a.span, b.span) || Number(b.exception) - Number(a.exception);
}

/** Joins the range with the last one where they meet. */
function addRange(words: number[], first: Uint32Array, last: Uint32Array): void {
	const end = words.length - 4;
	if (end >= 0) {
		const behind = step(Uint32Array.from(words.slice(end)), 1);
		if (compareIPv6(behind, first) === 0) words.length = end;
	}
	if (words.length % 8 === 0) words.push(...first);
	words.push(...last);
}

/** The address before or behind one; there is one. */
export function step(address: Uint32Array, by: 1 | -1): Uint32Array {
	const result = Uint32Array.from(address);
	for (let i = 3; i >= 0; i--) {
		result[i] = (result[i] ?? 0) + by;
		if (result[i] !== (by === 1 ? 0 : 0xffff_ffff)) break;
	}
	return result;
}

/** The segment that decides is on top. */
class Heap {
	readonly #list: Segment[] = [];

	top(): Segment | undefined {
		return this.#list[0];
	}

	push(segment: Segment): void {
		const list = this.#list;
		let at = list.push(segment) - 1;
		for (let parent = (at - 1) >> 1; at > 0; at = parent, parent = (at - 1) >> 1) {
			const above = list[parent];
			if (above === undefined || compareRank(above, segment) <= 0) break;
			list[at] = above;
			list[parent] = segment;
		}
	}

	pop(): void {
		const list = this.#list;
		const moved = list.pop();
		if (moved === undefined || list.length === 0) return;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			let below = list[child];
			const right = list[child + 1];
			if (below !== undefined && right !== undefined && compareRank(right, below) < 0) {
				below = right;
				child++;
			}
			if (below === undefined || compareRank(moved, below) <= 0) break;
			list[at] = below;
			at = child;
		}
		list[at] = moved;
	}
}
