/** `snapshot`: lists as a file that loads without parsing. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { writeSnapshot } from '../snapshot.ts';
import { readArguments, readingOf } from './arguments.ts';
import { Failure, failureOf } from './failure.ts';
import { readFiles } from './inputs.ts';

export async function snapshot(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, { values: ['output'], lists: ['allow'] });
	const output = parsed.values.get('output');
	if (output === undefined)
		throw new Failure('where to write is missing; name a file behind --output, or - for stdout');
	const bytes = writeSnapshot(await readFiles(parsed.operands, readingOf(parsed), parsed.lists.get('allow')));
	if (output === '-') await writeStdout(bytes);
	else writeWhole(output, bytes);
	return 0;
}

async function writeStdout(bytes: Uint8Array): Promise<void> {
	if (process.stdout.isTTY) throw new Failure('a snapshot is no text for a terminal; name a file behind --output');
	if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

/** Who reads the file meanwhile sees the old one or the new one. */
function writeWhole(file: string, bytes: Uint8Array): void {
	const draft = `${file}.${process.pid}.draft`;
	try {
		writeFileSync(draft, bytes);
		renameSync(draft, file);
	} catch (error) {
		rmSync(draft, { force: true });
		throw failureOf(error, file);
	}
}
