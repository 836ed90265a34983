/**
 * All rules of a list as bytes, little-endian: magic, version, length of everything, checksum (two words), then the lengths
 * of the columns and the columns, each padded to eight bytes, then the labels and sources as JSON.
 */
import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } from '@net/errors';
import { RuleBatch } from './batch.ts';

/** "NETB" in the order of bytes. */
const MAGIC = 0x4254_454e;
const VERSION = 2;
const HEADER_WORDS = 16;
const HEAD = { magic: 0, version: 1, length: 2, checksum: 3, rows: 5, wide: 6, columns: 7, names: 8 } as const;
const COLUMN = { lines: 1, labels: 2, sources: 4, expiries: 8 } as const;
const ALIGNMENT = 8;

export function writeSnapshot(batch: RuleBatch): Uint8Array {
	batch.trim();
	const names = new TextEncoder().encode(JSON.stringify([batch.labelNames, batch.sourceNames]));
	const { lines, labels, sources, expiries } = batch;
	const parts: ArrayBufferView[] = [batch.values, batch.metas, batch.wide];
	for (const column of [lines, labels, sources, expiries]) if (column) parts.push(column);
	parts.push(names);
	const length = parts.reduce((sum, part) => sum + padded(part.byteLength), 4 * HEADER_WORDS);
	const bytes = new Uint8Array(length);
	const header = new Uint32Array(bytes.buffer, 0, HEADER_WORDS);
	header[HEAD.magic] = MAGIC;
	header[HEAD.version] = VERSION;
	header[HEAD.length] = length;
	header[HEAD.rows] = batch.length;
	header[HEAD.wide] = batch.wideLength;
	header[HEAD.columns] =
		(lines ? COLUMN.lines : 0) |
		(labels ? COLUMN.labels : 0) |
		(sources ? COLUMN.sources : 0) |
		(expiries ? COLUMN.expiries : 0);
	header[HEAD.names] = names.length;
	let at = 4 * HEADER_WORDS;
	for (const part of parts) {
		bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
		at += padded(part.byteLength);
	}
	header.set(checksum(new Uint32Array(bytes.buffer)), HEAD.checksum);
	return bytes;
}

/** @throws ERR_INVALID_ARG_VALUE for bytes that are cut, changed, or of another version. */
export function readSnapshot(given: Uint8Array): RuleBatch {
	if (!(given instanceof Uint8Array)) throw new ERR_INVALID_ARG_TYPE('bytes', 'Uint8Array', given);
	// A copy, which is aligned, and stays as it is.
	const bytes = new Uint8Array(padded(Math.max(given.length, 4 * HEADER_WORDS)));
	bytes.set(given);
	const header = new Uint32Array(bytes.buffer, 0, HEADER_WORDS);
	if (header[HEAD.magic] !== MAGIC) throw refuse(given, 'is no snapshot of a block list');
	if (header[HEAD.version] !== VERSION)
		throw refuse(given, `is a snapshot of version ${header[HEAD.version]}, not ${VERSION}`);
	const length = header[HEAD.length] ?? 0;
	if (given.length < length) throw refuse(given, `is cut: ${given.length} of ${length} bytes are there`);
	if (given.length > length) throw refuse(given, `goes on after its end at ${length} bytes`);
	const [low, high] = checksum(new Uint32Array(bytes.buffer));
	if (header[HEAD.checksum] !== low || header[HEAD.checksum + 1] !== high) {
		throw refuse(given, 'was changed: its checksum is another one');
	}
	try {
		return readColumns(bytes, header);
	} catch {
		// The checksum is right, so somebody has made it so.
		throw refuse(given, 'is of parts that do not fit together');
	}
}

/** @throws whatever comes of parts that are longer than all, or of names that are no JSON. */
function readColumns({ buffer }: Uint8Array<ArrayBuffer>, header: Uint32Array): RuleBatch {
	let at = 4 * HEADER_WORDS;
	const cut = (byteLength: number): number => {
		at += padded(byteLength);
		return at - padded(byteLength);
	};
	const rows = header[HEAD.rows] ?? 0;
	const wideLength = header[HEAD.wide] ?? 0;
	const columns = header[HEAD.columns] ?? 0;
	const batch = new RuleBatch(0);
	batch.length = rows;
	batch.wideLength = wideLength;
	batch.values = new Uint32Array(buffer, cut(4 * rows), rows);
	batch.metas = new Uint16Array(buffer, cut(2 * rows), rows);
	batch.wide = new Uint32Array(buffer, cut(4 * wideLength), wideLength);
	if (columns & COLUMN.lines) batch.lines = new Uint32Array(buffer, cut(4 * rows), rows);
	if (columns & COLUMN.labels) batch.labels = new Uint32Array(buffer, cut(4 * rows), rows);
	if (columns & COLUMN.sources) batch.sources = new Uint16Array(buffer, cut(2 * rows), rows);
	if (columns & COLUMN.expiries) batch.expiries = new Float64Array(buffer, cut(8 * rows), rows);
	const [labels = [], sources = []] = readNames(new Uint8Array(buffer, at, header[HEAD.names] ?? 0));
	for (const label of labels) batch.labelId(label);
	for (const source of sources) batch.sourceId(source);
	return batch;
}

function readNames(bytes: Uint8Array): string[][] {
	const names: unknown = JSON.parse(new TextDecoder().decode(bytes));
	return Array.isArray(names) ? names.map((list) => (Array.isArray(list) ? list.map(String) : [])) : [];
}

/** Of all words but its own two. Finds what happens to files, not what somebody forges. */
function checksum(words: Uint32Array): [number, number] {
	let low = 0x9e37_79b1;
	let high = 0x85eb_ca6b;
	for (let i = 0; i < words.length; i++) {
		const word = i === HEAD.checksum || i === HEAD.checksum + 1 ? 0 : (words[i] ?? 0);
		low = Math.imul(low ^ word, 0x01000193);
		low ^= low >>> 15;
		high = Math.imul((high << 5) | (high >>> 27), 0x9e3779b1) + word;
	}
	return [low >>> 0, high >>> 0];
}

function padded(length: number): number {
	return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function refuse(given: Uint8Array, reason: string): Error {
	return new ERR_INVALID_ARG_VALUE('bytes', given, reason);
}
