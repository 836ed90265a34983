/** Where the bytes of a list come from: a path, bytes or a stream, compressed by gzip or not. */

/** A path (where there are files), bytes, or chunks of them, as streams of Node and of the web give. */
export type ListSource = string | URL | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 1 << 20;

/** Tells of bytes as they come, before decompression. */
export type Progress = (bytes: number) => void;

/** The list's bytes, decompressed. */
export async function* bytesOf(source: ListSource, progress?: Progress): AsyncGenerator<Uint8Array, void, undefined> {
	const chunks = counted(await open(source), progress);
	const head: Uint8Array[] = [];
	let length = 0;
	// A chunk may be a byte.
	while (length < 2) {
		const { done, value } = await chunks.next();
		if (done) break;
		head.push(value);
		length += value.length;
	}
	const whole = joined(head, chunks);
	if (isGzip(head)) yield* decompressed(whole);
	else yield* whole;
}

async function open(source: ListSource): Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>> {
	if (source instanceof Uint8Array) return [source];
	if (typeof source !== 'string' && !(source instanceof URL)) return source;
	// Asked for only here, so that all else runs where there are no files.
	const { createReadStream } = await import('node:fs');
	return createReadStream(source, { highWaterMark: CHUNK_BYTES });
}

async function* counted(
	chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
	progress: Progress | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
	for await (const chunk of chunks) {
		if (!(chunk instanceof Uint8Array)) throw new TypeError('a list is read from bytes; the stream gives texts');
		progress?.(chunk.length);
		yield chunk;
	}
}

async function* joined(
	head: readonly Uint8Array[],
	rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
	yield* head;
	yield* rest;
}

function isGzip(head: readonly Uint8Array[]): boolean {
	const [first, second] = head.flatMap((chunk) => Array.from(chunk.subarray(0, 2)));
	return first === 0x1f && second === 0x8b;
}

async function* decompressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
	const [{ createGunzip }, { pipeline, Readable }] = await Promise.all([import('node:zlib'), import('node:stream')]);
	const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
	// An error of either goes through gunzip to the reader below.
	pipeline(Readable.from(chunks, { objectMode: true }), gunzip, () => {});
	for await (const chunk of gunzip) {
		if (chunk instanceof Uint8Array) yield chunk;
	}
}
