#!/usr/bin/env node
/** The command `net-blocklist`: one of its subcommands, and how it ends. Code 2 is an error, in one line. */
import { readFileSync } from 'node:fs';
import { printable } from '../formats/problem.ts';
import { Failure, failureOf } from './failure.ts';
import { help, helps } from './help.ts';
import { print } from './output.ts';

/** Returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for, as loading all takes longer than many a list. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	check: async () => (await import('./check.ts')).check,
	aggregate: async () => (await import('./aggregate.ts')).aggregate,
	export: async () => (await import('./write.ts')).write,
	diff: async () => (await import('./diff.ts')).diff,
	info: async () => (await import('./info.ts')).info,
	snapshot: async () => (await import('./snapshot.ts')).snapshot,
};

process.exitCode = await main(process.argv.slice(2));

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
	try {
		if (name === '--help' || name === '-h' || name === 'help') return await printHelp(args[0]);
		if (name === '--version') return await printVersion();
		const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
		if (load === undefined) throw new Failure(`there is no command '${name}'; net-blocklist --help lists them`);
		// Behind `--`, it is an operand.
		const [options] = args.join('\0').split('\0--\0');
		if (options?.split('\0').some((arg) => arg === '--help' || arg === '-h')) return await printHelp(name);
		const command = await load();
		return await command(args);
	} catch (error) {
		const known = Object.hasOwn(commands, name) ? `net-blocklist ${name}` : 'net-blocklist';
		process.stderr.write(`${known}: ${printable(failureOf(error).message)}\n`);
		return 2;
	}
}

async function printVersion(): Promise<number> {
	const manifest: { version: string } = JSON.parse(
		readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
	);
	await print([`${manifest.version}\n`]);
	return 0;
}

async function printHelp(name: string | undefined): Promise<number> {
	const text = name === undefined ? help : Object.hasOwn(helps, name) ? helps[name] : undefined;
	if (text === undefined) throw new Failure(`there is no command '${name}'; net-blocklist --help lists them`);
	await print([text]);
	return 0;
}
