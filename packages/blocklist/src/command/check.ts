/** `check`: whether addresses are in lists, and by which rule. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isIP } from '@net/ip';
import type { Family } from '../ask.ts';
import { BlockList } from '../block-list.ts';
import { printable } from '../formats/problem.ts';
import type { Match } from '../match.ts';
import type { Arguments } from './arguments.ts';
import { readArguments, readingOf } from './arguments.ts';
import { Failure } from './failure.ts';
import { readFiles } from './inputs.ts';
import { print } from './output.ts';

/** Ends with 1 where an address is blocked. */
export async function check(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, { lists: ['list', 'allow'], flags: ['silent'] });
	const { addresses, files, allow } = sorted(parsed);
	if (addresses.length === 0) throw new Failure('no address is named; name some, or - for stdin');
	if (files.length === 0) throw new Failure('no list is named; name files behind --list');
	for (const address of addresses) if (address !== '-') familyOf(address);
	if (addresses.includes('-') && [...files, ...allow].includes('-')) throw new Failure('stdin can be read only once');
	const list = new BlockList();
	list.addBatch(await readFiles(files, readingOf(parsed), allow));
	let blocked = false;
	for await (const address of expanded(addresses)) {
		const family = familyOf(address);
		const isBlocked = list.check(address, family);
		blocked ||= isBlocked;
		if (!parsed.flags.has('silent')) await print([`${verdict(address, isBlocked, list.match(address, family)[0])}\n`]);
	}
	return blocked ? 1 : 0;
}

/** An address behind `--list a.txt` is one that is asked about, unless there is a file of that name. */
function sorted({ operands, lists }: Arguments): { addresses: string[]; files: string[]; allow: string[] } {
	const addresses = [...operands];
	const filesOf = (name: string): string[] =>
		(lists.get(name) ?? []).filter((file, i) => {
			if (i === 0 || isIP(file) === 0 || existsSync(file)) return true;
			addresses.push(file);
			return false;
		});
	const [files, allow] = [filesOf('list'), filesOf('allow')];
	return { addresses, files, allow };
}

async function* expanded(addresses: readonly string[]): AsyncGenerator<string, void, undefined> {
	for (const address of addresses) {
		if (address !== '-') {
			yield address;
			continue;
		}
		for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
			if (line.trim() !== '') yield line.trim();
		}
	}
}

function familyOf(address: string): Family {
	const family = isIP(address);
	if (family === 0) throw new Failure(`'${address}' is no IP address`);
	return family === 4 ? 'ipv4' : 'ipv6';
}

function verdict(address: string, isBlocked: boolean, match: Match | undefined): string {
	const said = `${address} ${isBlocked ? 'blocked' : 'allowed'}`;
	if (match === undefined) return said;
	const { rule, label, source, line } = match;
	const place = source === undefined ? undefined : line === undefined ? source : `${source}:${line}`;
	const notes = printable([place, label].filter((note) => note !== undefined).join(', '));
	// `Subnet: IPv4 10.0.0.0/8` without what it says of itself.
	return `${said} by ${rule.replace(/^\w+: IPv[46] /, '')}${notes === '' ? '' : ` (${notes})`}`;
}
