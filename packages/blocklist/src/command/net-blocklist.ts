#!/usr/bin/env node
/** The command `net-blocklist`: one of its subcommands, and how it ends. Code 2 is an error, in one line. */
import { aggregate } from './aggregate.ts';
import { check } from './check.ts';
import { diff } from './diff.ts';
import { Failure, failureOf } from './failure.ts';
import { help, helps } from './help.ts';
import { info } from './info.ts';
import { print } from './output.ts';
import { snapshot } from './snapshot.ts';
import { write } from './write.ts';

/** Each returns the exit code. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
	check,
	aggregate,
	export: write,
	diff,
	info,
	snapshot,
};

process.exitCode = await main(process.argv.slice(2));

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
	try {
		if (name === '--help' || name === '-h' || name === 'help') return await printHelp(args[0]);
		const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
		if (command === undefined) throw new Failure(`there is no command '${name}'; net-blocklist --help lists them`);
		// Behind `--`, it is an operand.
		const [options] = args.join('\0').split('\0--\0');
		if (options?.split('\0').some((arg) => arg === '--help' || arg === '-h')) return await printHelp(name);
		return await command(args);
	} catch (error) {
		const known = Object.hasOwn(commands, name) ? `net-blocklist ${name}` : 'net-blocklist';
		process.stderr.write(`${known}: ${failureOf(error).message}\n`);
		return 2;
	}
}

async function printHelp(name: string | undefined): Promise<number> {
	const text = name === undefined ? help : Object.hasOwn(helps, name) ? helps[name] : undefined;
	if (text === undefined) throw new Failure(`there is no command '${name}'; net-blocklist --help lists them`);
	await print([text]);
	return 0;
}
