/** Room for blocks in one typed array: taken from the end, or from blocks of the same size that were given back. */

/** Blocks of a size that wait before one of them is used again, where others read. */
const QUARANTINE = 64;
const ROUNDING = 4;

/**
 * Where others read, a block that was given back may still be read by someone who found it before it was replaced.
 * `epoch` is counted up before such a block is written again, and who reads looks whether it is the same after as before.
 */
export class Arena<T extends Uint16Array | Uint32Array> {
	/** Replaced when it grows, which it only does where nobody else reads. */
	units: T;
	#used = ROUNDING;
	#unused = 0;
	readonly #make: ((length: number) => T) | undefined;
	readonly #free = new Map<number, number[]>();
	readonly #epoch: Int32Array | undefined;

	/** @param make - of an array that may grow; without it the arena is read by others, who watch `epoch`. */
	constructor(units: T, make: ((length: number) => T) | undefined, epoch?: Int32Array) {
		this.units = units;
		this.#make = make;
		this.#epoch = epoch;
	}

	get isShared(): boolean {
		return this.#epoch !== undefined;
	}

	/** Whether it had to grow for a block though much of it is unused. */
	isWorthPacking(length: number): boolean {
		return this.#make !== undefined && this.#used + length > this.units.length && this.#unused > this.#used / 4;
	}

	get used(): number {
		return this.#used;
	}

	/** @throws RangeError when an arena that others read is full; `fits` tells before. */
	take(length: number): number {
		const size = rounded(length);
		const free = this.#free.get(size);
		const full = this.#used + size > this.units.length && this.#make === undefined;
		if (free !== undefined && free.length > (this.#epoch && !full ? QUARANTINE : 0)) {
			if (this.#epoch) Atomics.add(this.#epoch, 0, 1);
			this.#unused -= size;
			// The oldest first where others read.
			return (this.#epoch ? free.shift() : free.pop()) ?? 0;
		}
		const at = this.#used;
		if (at + size > this.units.length) this.#grow(at + size);
		this.#used = at + size;
		return at;
	}

	give(at: number, length: number): void {
		const size = rounded(length);
		const free = this.#free.get(size);
		if (free === undefined) this.#free.set(size, [at]);
		else free.push(at);
		this.#unused += size;
	}

	/** Whether a block of so many units takes the same room as one of `other`. */
	sameSize(length: number, other: number): boolean {
		return rounded(length) === rounded(other);
	}

	/** Whether blocks of so many units together are to be had, in the worst case. */
	fits(units: number): boolean {
		return this.#make !== undefined || this.#used + units <= this.units.length;
	}

	/** Drops the room behind the last block. */
	trim(): void {
		if (this.#make !== undefined) this.#resize(this.#used);
	}

	#grow(needed: number): void {
		if (this.#make === undefined) throw new RangeError('The shared list is full');
		this.#resize(Math.max(1024, needed, Math.ceil(1.25 * this.units.length)));
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
