/** Memory of a list that other threads read: one SharedArrayBuffer, cut into the parts of the index. */
import type { Coverage } from './coverage.ts';
import type { WideSetMemory } from './wide-set.ts';
import type { WordSetMemory } from './word-set.ts';

/** What another thread gets: it can be sent by `postMessage`, and nothing is copied. */
export interface SharedBlockList {
	/** Of the layout of the memory. */
	version: number;
	/** How many rules there is room for, about. */
	capacity: number;
	memory: SharedArrayBuffer;
}

const VERSION = 1;
const ROOT_BYTES = 4 * 65_536;
/** Room for what one change may need at most, but for the widest. */
const SPARE_UNITS = 65_536;
/** Epoch and seed, and a cache line to themselves. */
const HEAD_BYTES = 64;

export class SharedMemory {
	readonly handle: SharedBlockList;
	readonly views: { ipv4: WordSetMemory; ipv6: WideSetMemory };

	/** Of a handle, or of its own with room for so many rules. Pages that are not used take no memory. */
	constructor(from: SharedBlockList | number) {
		const capacity = typeof from === 'number' ? from : from.capacity;
		let slots = 1024;
		while (slots < 2 * capacity) slots *= 2;
		const sizes = {
			// A rule has two turns, of two bytes and of four words, in blocks of which some wait to be used again.
			units4: 2 * (8 * capacity + 2 * SPARE_UNITS),
			units6: 4 * (16 * capacity + 2 * SPARE_UNITS),
			table: 8 * slots,
			wholeUnits: 2 * (4 * capacity + 2 * SPARE_UNITS),
		};
		const length = HEAD_BYTES + 2 * ROOT_BYTES + sizes.units4 + sizes.units6 + sizes.table + sizes.wholeUnits;
		if (typeof from !== 'number' && (from.version !== VERSION || from.memory.byteLength !== length)) {
			throw new TypeError('The shared list is of another version');
		}
		const memory = typeof from === 'number' ? new SharedArrayBuffer(length) : from.memory;
		let at = HEAD_BYTES;
		const cut = (bytes: number): [SharedArrayBuffer, number, number] => {
			at += bytes;
			return [memory, at - bytes, bytes];
		};
		const words = (bytes: number): Int32Array => {
			const [buffer, offset, size] = cut(bytes);
			return new Int32Array(buffer, offset, size / 4);
		};
		const halves = (bytes: number): Uint16Array => {
			const [buffer, offset, size] = cut(bytes);
			return new Uint16Array(buffer, offset, size / 2);
		};
		const head = new Int32Array(memory, 0, 2);
		if (typeof from === 'number') head[1] = Math.random() * 2 ** 32;
		const epoch = head.subarray(0, 1);
		const ipv4 = { root: words(ROOT_BYTES), epoch, units: halves(sizes.units4) };
		const table = words(sizes.table);
		const units6 = words(sizes.units6);
		const whole = { root: words(ROOT_BYTES), epoch, units: halves(sizes.wholeUnits) };
		const units = new Uint32Array(memory, units6.byteOffset, units6.length);
		this.views = { ipv4, ipv6: { table, seed: head[1] ?? 0, units, whole } };
		this.handle = { version: VERSION, capacity, memory };
	}

	/** @throws RangeError when a change might not find room; nothing has been changed then. */
	expectRoom(coverage: Coverage): void {
		if (!coverage.ipv4.fits(SPARE_UNITS) || !coverage.ipv6.fits(SPARE_UNITS)) {
			throw new RangeError('The shared list is full: share a list with a larger capacity');
		}
	}
}
