/** What a change does to memory that others read, so that it can be undone; and when memory may be used again. */
import { advance } from './epoch.ts';

interface Block {
	arena: { release(at: number, size: number): void };
	at: number;
	size: number;
}

/**
 * A change writes new blocks aside and then stores where they are, one place after the other. Blocks that it took the
 * place of stay as they are until it is over: if there is no room for all of it, everything is stored back.
 */
export class Journal {
	readonly #epoch: Int32Array;
	#taken: Block[] = [];
	#given: Block[] = [];
	#undo: (() => void)[] = [];

	constructor(epoch: Int32Array) {
		this.#epoch = epoch;
	}

	/** @throws what `change` throws; nothing has been changed then. */
	run(change: () => void): void {
		// What earlier changes gave back is written again from here on.
		this.advance();
		let unused = this.#taken;
		try {
			change();
			unused = this.#given;
		} catch (error) {
			for (const undo of this.#undo.reverse()) undo();
			throw error;
		} finally {
			for (const { arena, at, size } of unused) arena.release(at, size);
			this.#taken = [];
			this.#given = [];
			this.#undo = [];
		}
	}

	took(arena: Block['arena'], at: number, size: number): void {
		this.#taken.push({ arena, at, size });
	}

	gave(arena: Block['arena'], at: number, size: number): void {
		this.#given.push({ arena, at, size });
	}

	/** Stores what readers follow; all that was written before is seen by who sees it. */
	store(cells: Int32Array | Uint32Array | Uint16Array, index: number, value: number): void {
		const before = cells[index] ?? 0;
		this.undo(() => {
			this.advance();
			Atomics.store(cells, index, before);
		});
		this.advance();
		Atomics.store(cells, index, value);
	}

	/** @param undo - is done if the change cannot be made. */
	undo(undo: () => void): void {
		this.#undo.push(undo);
	}

	/** What is written from now on is not taken for what was read before. */
	advance(): void {
		advance(this.#epoch);
	}
}
