/** Reads the files that a subcommand is given. */
import { statSync } from 'node:fs';
import { RuleBatch } from '../batch.ts';
import type { Blocks } from '../formats/blocks.ts';
import { blocksOf } from '../formats/blocks.ts';
import type { ReadResult } from '../formats/list-reader.ts';
import { formatProblem, printable } from '../formats/problem.ts';
import { readList } from '../formats/read-list.ts';
import { bytesOf } from '../formats/source.ts';
import type { Reading } from './arguments.ts';
import { Failure, failureOf } from './failure.ts';
import { Progress } from './progress.ts';

/** How many lines that were not understood are told of a file. */
const TOLD = 20;

/** By these a batch gets room for what files may hold. Room that is not used takes addresses, but no memory. */
const BYTES_PER_RULE = 12;
const LARGEST_CAPACITY = 1 << 23;

/**
 * Reads lists into one batch. What is not understood is told on stderr.
 * @param files - paths; `-` is stdin.
 * @param allow - lists whose rules are exceptions.
 * @param origins - whether rules keep their labels, files and lines.
 * @throws Failure for a file that cannot be read, and with `strict` for a line that is not understood.
 */
export async function readFiles(
	files: readonly string[],
	reading: Reading,
	allow: readonly string[] = [],
	origins = true,
): Promise<RuleBatch> {
	checkNames([...files, ...allow]);
	const bytes = [...files, ...allow].reduce((sum, file) => sum + sizeOf(file), 0);
	const batch = new RuleBatch(Math.min(LARGEST_CAPACITY, Math.ceil(bytes / BYTES_PER_RULE)));
	for (const file of files) await readFile(file, reading, batch, origins);
	batch.exception = true;
	for (const file of allow) await readFile(file, reading, batch, origins);
	batch.exception = false;
	return batch;
}

/** @throws Failure if there is none, or stdin is named twice. */
export function checkNames(files: readonly string[]): void {
	if (files.length === 0) throw new Failure('no list is named; name files, or - for stdin');
	if (files.filter((file) => file === '-').length > 1) throw new Failure('stdin can be read only once');
}

/** What lists block, exceptions taken out. */
export async function readBlocks(
	files: readonly string[],
	reading: Reading,
	allow: readonly string[] = [],
): Promise<Blocks> {
	return mergedBlocks(await readFiles(files, reading, allow, false));
}

/** What a batch blocks, exceptions taken out. */
export async function mergedBlocks(batch: RuleBatch): Promise<Blocks> {
	let exceptions = false;
	for (let row = 0; row < batch.length; row++) exceptions ||= batch.isException(row);
	if (!exceptions) return blocksOf(batch);
	// Loaded for exceptions only, as the other modules below for what needs them.
	const { BlockList } = await import('../block-list.ts');
	const list = new BlockList();
	list.addBatch(batch);
	return blocksOf(list.aggregate());
}

/** What became of a list; a snapshot has no lines. */
export type FileResult = Pick<ReadResult, 'lines' | 'problemCount' | 'belowThreshold'>;

/** Reads one list, or one snapshot. */
export async function readFile(file: string, reading: Reading, batch: RuleBatch, origins = true): Promise<FileResult> {
	const progress = new Progress();
	const total = sizeOf(file);
	let bytes = 0;
	try {
		const chunks = bytesOf(file === '-' ? process.stdin : file, (count) =>
			progress.show(file, (bytes += count), total),
		);
		const { head, rest } = await beheaded(chunks);
		if (SNAPSHOT_HEAD.every((byte, i) => head[i] === byte)) {
			await addSnapshot(file, rest, batch);
			progress.clear();
			return { lines: 0, problemCount: 0, belowThreshold: 0 };
		}
		const { format, strict, threshold } = reading;
		const result = await readList(rest, {
			batch,
			name: file,
			format,
			strict,
			labels: origins,
			origins,
			...(threshold !== undefined && { threshold }),
			maxProblems: TOLD,
		});
		progress.clear();
		if (!reading.quiet) tell(file, result);
		return result;
	} catch (error) {
		progress.clear();
		throw failureOf(error, file === '-' ? 'stdin' : file);
	}
}

/** The first bytes, and all of them. A chunk may be a byte. */
async function beheaded(
	chunks: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ head: Uint8Array; rest: AsyncGenerator<Uint8Array, void, undefined> }> {
	const first: Uint8Array[] = [];
	let length = 0;
	while (length < SNAPSHOT_HEAD.length) {
		const { done, value } = await chunks.next();
		if (done) break;
		first.push(value);
		length += value.length;
	}
	const rest = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
		yield* first;
		yield* chunks;
	};
	return {
		head: Uint8Array.from(first.flatMap((chunk) => [...chunk.subarray(0, SNAPSHOT_HEAD.length)])),
		rest: rest(),
	};
}

async function addSnapshot(file: string, chunks: AsyncIterable<Uint8Array>, batch: RuleBatch): Promise<void> {
	if (batch.exception) throw new Failure(`${file}: a snapshot has exceptions of its own; name lists behind --allow`);
	const { readSnapshot } = await import('../snapshot.ts');
	const parts: Uint8Array[] = [];
	for await (const chunk of chunks) parts.push(chunk);
	try {
		const first = batch.length;
		batch.appendAll(readSnapshot(Buffer.concat(parts)));
		const now = Date.now();
		for (let row = first; row < batch.length; row++) if (batch.expiryOf(row) <= now) batch.remove(row);
	} catch (error) {
		// Of "The argument 'bytes' is cut: … Received <bytes>", what can be read.
		const reason = /'bytes' ([^\n]*?)\. Received/.exec(error instanceof Error ? error.message : '')?.[1];
		throw reason === undefined ? error : new Failure(`${file}: the snapshot ${reason}; make it again`);
	}
}

/** "NETB". */
const SNAPSHOT_HEAD = [0x4e, 0x45, 0x54, 0x42];

function tell(file: string, { problems, problemCount, rules, lines }: ReadResult): void {
	for (const problem of problems) process.stderr.write(`${printable(formatProblem(problem))}\n`);
	const more = problemCount - problems.length;
	if (more > 0) process.stderr.write(`${file}: ${more} more lines were not understood\n`);
	if (rules === 0 && problemCount === 0 && lines > 0) process.stderr.write(`${file}: there are no entries in it\n`);
}

/** 0 where it is not known. */
function sizeOf(file: string): number {
	return file === '-' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
