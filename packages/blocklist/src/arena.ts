/** Room for blocks in one typed array: taken from the end, or from blocks that were given back. */
import type { Journal } from './journal.ts';

const ROUNDING = 4;

/** Where others read, what a change takes and gives goes through a journal: see there. */
export class Arena<T extends Uint16Array | Uint32Array> {
	/** Replaced when it grows, which it only does where nobody else reads. */
	units: T;
	#used = ROUNDING;
	#unused = 0;
	readonly #make: ((length: number) => T) | undefined;
	/** Where blocks are that may be used again, by their size. */
	readonly #free = new Map<number, number[]>();
	readonly #journal: Journal | undefined;

	/** @param make - of an array that may grow; without it the arena is read by others, and cannot. */
	constructor(units: T, make: ((length: number) => T) | undefined, journal?: Journal) {
		this.units = units;
		this.#make = make;
		this.#journal = journal;
	}

	get isShared(): boolean {
		return this.#journal !== undefined;
	}

	/** Whether it had to grow for a block though much of it is unused. */
	isWorthPacking(length: number): boolean {
		return this.#make !== undefined && this.#used + length > this.units.length && this.#unused > this.#used / 4;
	}

	get used(): number {
		return this.#used;
	}

	/** @throws RangeError when an arena that others read is full. */
	take(length: number): number {
		const size = rounded(length);
		const at = this.#freeBlock(size) ?? this.#end(size) ?? this.#piece(size);
		this.#journal?.took(this, at, size);
		return at;
	}

	give(at: number, length: number): void {
		const size = rounded(length);
		if (this.#journal) this.#journal.gave(this, at, size);
		else this.release(at, size);
	}

	/** For the journal: what was given may be used again. */
	release(at: number, size: number): void {
		const free = this.#free.get(size);
		if (free === undefined) this.#free.set(size, [at]);
		else free.push(at);
		this.#unused += size;
	}

	/** Makes a unit that readers follow another one, as the last thing that is written. */
	publish(at: number, value: number): void {
		if (this.#journal) this.#journal.store(this.units, at, value);
		else this.units[at] = value;
	}

	/** Whether a block of so many units takes the same room as one of `other`. */
	sameSize(length: number, other: number): boolean {
		return rounded(length) === rounded(other);
	}

	/** Drops the room behind the last block. */
	trim(): void {
		if (this.#make !== undefined) this.#resize(this.#used);
	}

	#freeBlock(size: number): number | undefined {
		const at = this.#free.get(size)?.pop();
		if (at !== undefined) this.#unused -= size;
		return at;
	}

	#end(size: number): number | undefined {
		const at = this.#used;
		if (at + size > this.units.length && this.#make === undefined) return undefined;
		if (at + size > this.units.length) this.#resize(Math.max(1024, at + size, Math.ceil(1.25 * this.units.length)));
		this.#used = at + size;
		return at;
	}

	/** A part of a larger block, which neighbours that were given back may be together. */
	#piece(size: number): number {
		const larger = this.#larger(size) ?? this.#join(size);
		const at = larger === undefined ? undefined : this.#freeBlock(larger);
		if (larger === undefined || at === undefined) throw new RangeError('The shared list is full');
		if (larger > size) this.release(at + size, larger - size);
		return at;
	}

	/** The size of the smallest block that is larger. */
	#larger(size: number): number | undefined {
		let best: number | undefined;
		for (const [one, { length }] of this.#free) {
			if (length > 0 && one > size && (best === undefined || one < best)) best = one;
		}
		return best;
	}

	/** Makes one block of those that are neighbours. @returns as `#larger`. */
	#join(size: number): number | undefined {
		const blocks = [...this.#free].flatMap(([one, places]) => places.map((at) => ({ at, size: one })));
		blocks.sort((a, b) => a.at - b.at);
		this.#free.clear();
		this.#unused = 0;
		for (let i = 0; i < blocks.length;) {
			const at = blocks[i]?.at ?? 0;
			let end = at;
			for (; blocks[i]?.at === end; i++) end += blocks[i]?.size ?? 0;
			this.release(at, end - at);
		}
		return this.#larger(size - 1);
	}

	#resize(length: number): void {
		const units = this.#make?.(length);
		if (units === undefined) return;
		units.set(this.units.subarray(0, Math.min(this.#used, length)));
		this.units = units;
	}
}

function rounded(length: number): number {
	return Math.ceil(length / ROUNDING) * ROUNDING;
}
