/** What goes with rules: columns for lines, labels, sources and ends, each made when a row first has one. */
import { resized } from './columns.ts';

const MOST_SOURCES = 0xffff;

export class RuleNotes {
	/** What the next rows get, as the three below: a line of a file, from 1 on; 0: none. */
	line = 0;
	/** An id of `labelId`; 0: none. */
	label = 0;
	/** An id of `sourceId`; 0: none. */
	source = 0;
	/** When the next rows end, in milliseconds since 1970; `Infinity`: never. */
	expiresAt: number = Infinity;

	/** By row, as all four: the line in its file, 0 for none. Undefined: no row has any. */
	lines: Uint32Array<ArrayBuffer> | undefined;
	/** Places in `labelNames`. */
	labels: Uint32Array<ArrayBuffer> | undefined;
	/** Places in `sourceNames`. */
	sources: Uint16Array<ArrayBuffer> | undefined;
	/** Milliseconds since 1970; `Infinity`: never. */
	expiries: Float64Array<ArrayBuffer> | undefined;
	/** By id; the first stands for none. */
	readonly labelNames: string[] = [''];
	/** As `labelNames`, at most 65,536. */
	readonly sourceNames: string[] = [''];
	/** Made with the first name, as a batch of one rule has mostly none. */
	#labelIds: Map<string, number> | undefined;
	#sourceIds: Map<string, number> | undefined;

	/** The id of a label's text, to be set as `label`. */
	labelId(text: string): number {
		if (text === '') return 0;
		this.#labelIds ??= new Map();
		const known = this.#labelIds.get(text);
		if (known !== undefined) return known;
		this.#labelIds.set(text, this.labelNames.length);
		return this.labelNames.push(text) - 1;
	}

	/**
	 * The id of a source, a file's name for instance, to be set as `source`.
	 * @throws RangeError for more than 65,535 of them.
	 */
	sourceId(name: string): number {
		if (name === '') return 0;
		this.#sourceIds ??= new Map();
		const known = this.#sourceIds.get(name);
		if (known !== undefined) return known;
		if (this.sourceNames.length > MOST_SOURCES) throw new RangeError('too many sources');
		this.#sourceIds.set(name, this.sourceNames.length);
		return this.sourceNames.push(name) - 1;
	}

	/** Undefined where the row has none, as of the two below. */
	labelOf(row: number): string | undefined {
		return this.labelNames[this.labels?.[row] ?? 0] || undefined;
	}

	/** The name of the file, as `sourceId` was given it. */
	sourceOf(row: number): string | undefined {
		return this.sourceNames[this.sources?.[row] ?? 0] || undefined;
	}

	/** From 1 on. */
	lineOf(row: number): number | undefined {
		return this.lines?.[row] || undefined;
	}

	/** In milliseconds since 1970; `Infinity`: never. */
	expiryOf(row: number): number {
		return this.expiries?.[row] ?? Infinity;
	}

	/** Notes for a row what the next rows get. */
	protected note(row: number, capacity: number): void {
		if (this.line !== 0 || this.lines) (this.lines ??= new Uint32Array(capacity))[row] = this.line;
		if (this.label !== 0 || this.labels) (this.labels ??= new Uint32Array(capacity))[row] = this.label;
		if (this.source !== 0 || this.sources) (this.sources ??= new Uint16Array(capacity))[row] = this.source;
		if (this.expiresAt !== Infinity || this.expiries) {
			(this.expiries ??= new Float64Array(capacity).fill(Infinity))[row] = this.expiresAt;
		}
	}

	/** The next rows get what a row of another batch has. */
	protected follow(from: RuleNotes, row: number): void {
		const source = from.sources ? this.sourceId(from.sourceOf(row) ?? '') : 0;
		this.line = from.lineOf(row) ?? 0;
		this.label = from.labels ? this.labelId(from.labelOf(row) ?? '') : 0;
		this.source = source;
		this.expiresAt = from.expiryOf(row);
	}

	/** Ids of another batch's labels and sources. @throws as `sourceId`. */
	protected idsOf(from: RuleNotes): { labels: Uint32Array; sources: Uint32Array } {
		const sources = Uint32Array.from(from.sources ? from.sourceNames : [], (name) => this.sourceId(name));
		return { labels: Uint32Array.from(from.labels ? from.labelNames : [], (name) => this.labelId(name)), sources };
	}

	/** Copies the notes of `count` rows of another batch to those from `base` on. */
	protected noteAll(
		from: RuleNotes,
		count: number,
		base: number,
		capacity: number,
		{ labels, sources }: { labels: Uint32Array; sources: Uint32Array },
	): void {
		if (from.lines) (this.lines ??= new Uint32Array(capacity)).set(from.lines.subarray(0, count), base);
		if (from.expiries) {
			this.expiries ??= new Float64Array(capacity).fill(Infinity);
			this.expiries.set(from.expiries.subarray(0, count), base);
		}
		if (from.labels) {
			this.labels ??= new Uint32Array(capacity);
			for (let row = 0; row < count; row++) this.labels[base + row] = labels[from.labels[row] ?? 0] ?? 0;
		}
		if (from.sources) {
			this.sources ??= new Uint16Array(capacity);
			for (let row = 0; row < count; row++) this.sources[base + row] = sources[from.sources[row] ?? 0] ?? 0;
		}
	}

	/** Makes room for as many rows, or cuts what is behind them. */
	protected resizeNotes(capacity: number): void {
		if (this.lines) this.lines = resized(this.lines, new Uint32Array(capacity));
		if (this.labels) this.labels = resized(this.labels, new Uint32Array(capacity));
		if (this.sources) this.sources = resized(this.sources, new Uint16Array(capacity));
		if (this.expiries) this.expiries = resized(this.expiries, new Float64Array(capacity).fill(Infinity));
	}

	/** Bytes of these columns; names are not counted. */
	protected get noteBytes(): number {
		const columns = [this.lines, this.labels, this.sources, this.expiries];
		return columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
	}
}
