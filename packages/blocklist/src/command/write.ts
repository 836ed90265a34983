/** `export`: lists in a format of others. */
import type { ExportOptions } from '../formats/export-list.ts';
import { EXPORT_FORMATS, exportList } from '../formats/export-list.ts';
import { familyOf, numberOf, readArguments, readingOf } from './arguments.ts';
import { Failure } from './failure.ts';
import { readBlocks } from './inputs.ts';
import { print } from './output.ts';

export async function write(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, {
		values: ['format', 'family', 'name', 'timeout', 'max-elements', 'target'],
		lists: ['allow'],
	});
	const { values } = parsed;
	const wanted = values.get('format');
	const format = EXPORT_FORMATS.find((one) => one === wanted);
	if (format === undefined) {
		const said = wanted === undefined ? 'it is missing' : `it is '${wanted}'`;
		throw new Failure(`--format is ${EXPORT_FORMATS.join(', ')}; ${said}`);
	}
	const options = optionsOf(values);
	// An option that cannot be is told before lists are read.
	for (const _ of exportList({ ipv4: new Uint32Array(0), ipv6: new Uint32Array(0) }, format, options)) break;
	const blocks = await readBlocks(parsed.operands, readingOf(parsed), parsed.lists.get('allow'));
	await print(exportList(blocks, format, options));
	return 0;
}

function optionsOf(values: ReadonlyMap<string, string>): ExportOptions {
	const options: ExportOptions = {};
	const [name, target, family] = [values.get('name'), values.get('target'), familyOf(values)];
	const [timeoutSeconds, maxElements] = [numberOf(values, 'timeout'), numberOf(values, 'max-elements')];
	if (name !== undefined) options.name = name;
	if (target !== undefined) options.target = target;
	if (family !== undefined) options.family = family;
	if (timeoutSeconds !== undefined) options.timeoutSeconds = timeoutSeconds;
	if (maxElements !== undefined) options.maxElements = maxElements;
	return options;
}
