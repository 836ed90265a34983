/** Which rule ends next: a heap by the time at which rules end. */

export class Expiries {
	readonly #rows: number[] = [];
	readonly #times: number[] = [];

	/** When the next rule ends; `Infinity` if none does. */
	get next(): number {
		return this.#times[0] ?? Infinity;
	}

	get length(): number {
		return this.#rows.length;
	}

	/** How many have ended at a time; those alone are looked at. */
	count(now: number): number {
		const open = [0];
		let count = 0;
		for (let at = open.pop(); at !== undefined; at = open.pop()) {
			if ((this.#times[at] ?? Infinity) > now) continue;
			count++;
			open.push(2 * at + 1, 2 * at + 2);
		}
		return count;
	}

	clear(): void {
		this.#rows.length = this.#times.length = 0;
	}

	add(row: number, time: number): void {
		let at = this.#rows.push(row) - 1;
		this.#times.push(time);
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if ((this.#times[parent] ?? 0) <= time) break;
			this.#move(parent, at);
			at = parent;
		}
		this.#rows[at] = row;
		this.#times[at] = time;
	}

	/** Takes out the one that ends next; it may have been removed, or renewed, since. */
	take(): { row: number; time: number } {
		const taken = { row: this.#rows[0] ?? -1, time: this.next };
		const row = this.#rows.pop() ?? -1;
		const time = this.#times.pop() ?? Infinity;
		const { length } = this.#rows;
		if (length === 0) return taken;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child + 1 < length && (this.#times[child + 1] ?? 0) < (this.#times[child] ?? 0)) child++;
			if (child >= length || (this.#times[child] ?? 0) >= time) break;
			this.#move(child, at);
			at = child;
		}
		this.#rows[at] = row;
		this.#times[at] = time;
		return taken;
	}

	#move(from: number, to: number): void {
		this.#rows[to] = this.#rows[from] ?? 0;
		this.#times[to] = this.#times[from] ?? 0;
	}
}
