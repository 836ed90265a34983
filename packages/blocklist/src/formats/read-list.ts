/** Reads a list from a file or a stream. */
import type { ReadOptions, ReadResult } from './list-reader.ts';
import { ListReader } from './list-reader.ts';
import type { ListSource, Progress } from './source.ts';
import { bytesOf } from './source.ts';

/**
 * Reads a list, whatever its format, compressed by gzip or not, without holding it in memory.
 * What is not understood is told in `problems`, and gives no rule.
 * @param source - a path, bytes, or chunks of any size.
 * @param options - `progress` is called with the count of bytes that came, before decompression.
 * @throws ListError if `strict`; what the source throws: ENOENT, Z_BUF_ERROR for gzip that is cut, and the like.
 */
export async function readList(
	source: ListSource,
	options: ReadOptions & { progress?: Progress } = {},
): Promise<ReadResult> {
	const name = options.name ?? (typeof source === 'string' ? source : source instanceof URL ? source.href : '-');
	const reader = new ListReader({ ...options, name });
	for await (const chunk of bytesOf(source, options.progress)) reader.write(chunk);
	return reader.end();
}
