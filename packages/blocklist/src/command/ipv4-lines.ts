/** Prefixes of IPv4 as bytes, a line each: for lists of a million, making texts would be most of the work. */
import { splitIPv4 } from '../sets.ts';

const CHUNK_BYTES = 65_536;
/** The longest line: `255.255.255.255/32` and its end. A range has at most 62 prefixes. */
const LINE_BYTES = 19;
const RANGE_BYTES = 62 * LINE_BYTES;

const ZERO = 0x30;
const DOT = 0x2e;
const SLASH = 0x2f;
const NEWLINE = 0x0a;

/** @param ranges - pairs of first and last address. @returns prefixes without `/32`, in chunks. */
export function* ipv4Lines(ranges: Uint32Array): Generator<Uint8Array, void, undefined> {
	let writer = new Writer();
	const visit = (network: number, prefix: number): void => writer.line(network, prefix);
	for (let i = 0; i < ranges.length; i += 2) {
		const first = ranges[i] ?? 0;
		const last = ranges[i + 1] ?? 0;
		if (first === last) writer.line(first, 32);
		else splitIPv4(first, last, visit);
		if (writer.length + RANGE_BYTES <= CHUNK_BYTES) continue;
		yield writer.bytes.subarray(0, writer.length);
		// Who got the chunk may still be writing it.
		writer = new Writer();
	}
	if (writer.length > 0) yield writer.bytes.subarray(0, writer.length);
}

class Writer {
	readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(CHUNK_BYTES);
	length = 0;

	line(address: number, prefix: number): void {
		this.#number(address >>> 24);
		this.bytes[this.length++] = DOT;
		this.#number((address >>> 16) & 255);
		this.bytes[this.length++] = DOT;
		this.#number((address >>> 8) & 255);
		this.bytes[this.length++] = DOT;
		this.#number(address & 255);
		if (prefix < 32) {
			this.bytes[this.length++] = SLASH;
			this.#number(prefix);
		}
		this.bytes[this.length++] = NEWLINE;
	}

	/** Up to 255, in decimal. */
	#number(value: number): void {
		const { bytes } = this;
		if (value > 99) bytes[this.length++] = ZERO + ((value * 41) >> 12);
		if (value > 9) bytes[this.length++] = ZERO + (((value * 205) >> 11) % 10);
		bytes[this.length++] = ZERO + (value % 10);
	}
}
