/** What was recorded of a sequence: lines, in a lane for each object. */
import type { Trace } from '../trace.ts';
import { Names } from '../value.ts';

export class Lanes {
	/** What values are called in lines. */
	readonly names: Names = new Names();
	/** How much has happened, recorded yet or not. */
	count = 0;
	/** What happens from now on is not recorded. */
	over = false;
	readonly #lines: Record<string, string[]> = {};
	/** Bytes that came and are not recorded yet: how they were cut is nobody's business. */
	readonly #received = new Map<string, string>();

	get trace(): Trace {
		return this.#lines;
	}

	record(lane: string, line: string): void {
		if (this.over) return;
		const list = (this.#lines[lane] ??= []);
		const text = this.#received.get(lane);
		if (text !== undefined) list.push(`received ${this.show(text)}`);
		this.#received.delete(lane);
		list.push(line);
		this.count++;
	}

	/** Bytes stand in a line of their own, before the next one of their lane. */
	receive(lane: string, chunk: unknown): void {
		const text = typeof chunk === 'string' ? chunk : Buffer.isBuffer(chunk) ? chunk.toString('latin1') : String(chunk);
		this.#received.set(lane, (this.#received.get(lane) ?? '') + text);
		this.count++;
	}

	/** Whether bytes have come that are not recorded yet. */
	hasReceived(lane: string): boolean {
		return this.#received.has(lane);
	}

	/** Ports that have no name are this machine's choice. */
	show(value: unknown): string {
		return this.names.show(value).replace(/\b[1-6]\d{4}\b/g, '<number>');
	}
}
