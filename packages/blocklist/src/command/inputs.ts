/** Reads the files that a subcommand is given. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { RuleBatch } from '../batch.ts';
import type { Blocks } from '../formats/blocks.ts';
import { blocksOf } from '../formats/blocks.ts';
import type { ReadResult } from '../formats/list-reader.ts';
import { formatProblem } from '../formats/problem.ts';
import { readList } from '../formats/read-list.ts';
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
		if (isSnapshot(file)) return await addSnapshot(file, batch);
		const { format, strict, threshold } = reading;
		const result = await readList(file === '-' ? process.stdin : file, {
			batch,
			name: file,
			format,
			strict,
			labels: origins,
			origins,
			...(threshold !== undefined && { threshold }),
			maxProblems: TOLD,
			progress: (count) => progress.show(file, (bytes += count), total),
		});
		progress.clear();
		if (!reading.quiet) tell(file, result);
		return result;
	} catch (error) {
		progress.clear();
		throw failureOf(error, file === '-' ? 'stdin' : file);
	}
}

/** Whether a file begins as snapshots do. One that is not there is found out when it is read. */
function isSnapshot(file: string): boolean {
	if (file === '-' || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
	const head = new Uint8Array(SNAPSHOT_HEAD.length);
	const descriptor = openSync(file, 'r');
	try {
		readSync(descriptor, head);
	} finally {
		closeSync(descriptor);
	}
	return SNAPSHOT_HEAD.every((byte, i) => head[i] === byte);
}

async function addSnapshot(file: string, batch: RuleBatch): Promise<FileResult> {
	if (batch.exception) throw new Failure(`${file}: a snapshot has exceptions of its own; name lists behind --allow`);
	const { readSnapshot } = await import('../snapshot.ts');
	try {
		const first = batch.length;
		batch.appendAll(readSnapshot(readFileSync(file)));
		const now = Date.now();
		for (let row = first; row < batch.length; row++) if (batch.expiryOf(row) <= now) batch.remove(row);
	} catch (error) {
		// Of "The argument 'bytes' is cut: … Received <bytes>", what can be read.
		const reason = /'bytes' ([^\n]*?)\. Received/.exec(error instanceof Error ? error.message : '')?.[1];
		throw reason === undefined ? error : new Failure(`${file}: the snapshot ${reason}; make it again`);
	}
	return { lines: 0, problemCount: 0, belowThreshold: 0 };
}

/** "NETB". */
const SNAPSHOT_HEAD = [0x4e, 0x45, 0x54, 0x42];

function tell(file: string, { problems, problemCount, rules, lines }: ReadResult): void {
	for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
	const more = problemCount - problems.length;
	if (more > 0) process.stderr.write(`${file}: ${more} more lines were not understood\n`);
	if (rules === 0 && problemCount === 0 && lines > 0) process.stderr.write(`${file}: there are no entries in it\n`);
}

/** 0 where it is not known. */
function sizeOf(file: string): number {
	return file === '-' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
