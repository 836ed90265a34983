/** `export`: lists in a format of others. */
import type { ExportOptions } from '../formats/export-options.ts';
import { nextEnd } from '../formats/ending-blocks.ts';
import { exportList } from '../formats/export-list.ts';
import { ENDING_FORMATS, EXPORT_FORMATS } from '../formats/export-options.ts';
import type { Arguments } from './arguments.ts';
import { familyOf, numberOf, readArguments, readingOf } from './arguments.ts';
import { Failure } from './failure.ts';
import { mergedBlocks, readFiles } from './inputs.ts';
import { print } from './output.ts';

export async function write(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, {
		values: ['format', 'family', 'name', 'timeout', 'max-elements', 'target'],
		lists: ['allow'],
		flags: ['timeouts'],
	});
	const { values } = parsed;
	const wanted = values.get('format');
	const format = EXPORT_FORMATS.find((one) => one === wanted);
	if (format === undefined) {
		const said = wanted === undefined ? 'it is missing' : `it is '${wanted}'`;
		throw new Failure(`--format is ${EXPORT_FORMATS.join(', ')}; ${said}`);
	}
	const options = optionsOf(parsed);
	// An option that cannot be is told before lists are read.
	for (const _ of exportList({ ipv4: new Uint32Array(0), ipv6: new Uint32Array(0) }, format, options)) break;
	const batch = await readFiles(parsed.operands, readingOf(parsed), parsed.lists.get('allow'), false);
	const end = nextEnd(batch, Date.now());
	if (end !== Infinity && !ENDING_FORMATS.includes(format) && !parsed.flags.has('quiet')) {
		const when = new Date(end).toISOString();
		process.stderr.write(`${format} cannot say when entries end; export again when the next does, at ${when}\n`);
	}
	await print(exportList(end === Infinity ? await mergedBlocks(batch) : batch, format, options));
	return 0;
}

function optionsOf({ values, flags }: Arguments): ExportOptions {
	const options: ExportOptions = {};
	const [name, target, family] = [values.get('name'), values.get('target'), familyOf(values)];
	const [timeoutSeconds, maxElements] = [numberOf(values, 'timeout'), numberOf(values, 'max-elements')];
	if (name !== undefined) options.name = name;
	if (target !== undefined) options.target = target;
	if (family !== undefined) options.family = family;
	if (timeoutSeconds !== undefined) options.timeoutSeconds = timeoutSeconds;
	if (maxElements !== undefined) options.maxElements = maxElements;
	if (flags.has('timeouts')) options.timeouts = true;
	return options;
}
