/** A line on a terminal that tells how far the reading of a file is, if it takes longer than a second. */

const PATIENCE_MS = 1000;
const INTERVAL_MS = 200;
const MEGABYTE = 1e6;

export interface Terminal {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

export class Progress {
	readonly #terminal: Terminal;
	readonly #now: () => number;
	readonly #started: number;
	#shownAt = -Infinity;

	/** @param now - a clock in milliseconds, for tests. */
	constructor(terminal: Terminal = process.stderr, now: () => number = () => performance.now()) {
		this.#terminal = terminal;
		this.#now = now;
		this.#started = now();
	}

	/** @param total - 0 where it is not known. */
	show(file: string, bytes: number, total: number): void {
		const now = this.#now();
		if (this.#terminal.isTTY !== true || now - this.#started < PATIENCE_MS) return;
		if (now - this.#shownAt < INTERVAL_MS) return;
		this.#shownAt = now;
		const part = total > 0 ? `${Math.floor((100 * bytes) / total)} % of ${megabytes(total)}` : megabytes(bytes);
		// Back to the begin of the line, and clear it behind the text.
		this.#terminal.write(`\rreading ${file}: ${part}\u{1b}[K`);
	}

	/** Takes the line away again. */
	clear(): void {
		if (this.#shownAt > -Infinity) this.#terminal.write('\r\u{1b}[K');
		this.#shownAt = -Infinity;
	}
}

function megabytes(bytes: number): string {
	return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
