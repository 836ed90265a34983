/** Which rules apply to an address, and what is known of them. */
import { SocketAddress } from '@net/address';
import { validateString } from '@net/errors';
import type { Family } from './ask.ts';
import { KIND } from './batch.ts';
import { MAPPED_FIRST } from './cover.ts';
import { formatRule } from './rule-text.ts';
import type { Rulebook } from './rulebook.ts';
import { readIPv4Text, readIPv6Text } from './text.ts';

/** A rule that applies to an address. */
export interface Match {
	/** As `rules` has it: `Subnet: IPv4 10.0.0.0/8`. */
	rule: string;
	/** A subnet of one address is a subnet, not an address. */
	kind: 'address' | 'subnet' | 'range';
	/** Whether it lets pass. */
	exception: boolean;
	/** What `add` was given, or what stood beside the entry in a file; absent: nothing. */
	label?: string;
	/** The name of the file, or what `add` was given; absent: neither. */
	source?: string;
	/** Its line there, from 1 on. */
	line?: number;
	/** In milliseconds since 1970; absent: it does not end. */
	expiresAt?: number;
	/** How many checks it decided; 0 where the list does not count. */
	hits: number;
}

const KIND_NAMES = { [KIND.address]: 'address', [KIND.subnet]: 'subnet', [KIND.range]: 'range' } as const;

export function readMatches(book: Rulebook, address: string | SocketAddress, family: Family): Match[] {
	const isObject = SocketAddress.isSocketAddress(address);
	const text = isObject ? address.address : address;
	validateString(text, 'address');
	validateString(family, 'family');
	const kind = isObject ? address.family : family.toLowerCase();
	const words = Uint32Array.from(MAPPED_FIRST);
	const isAddress = kind === 'ipv4' ? readIPv4Text(text, words) : kind === 'ipv6' && readIPv6Text(text, words);
	if (!isAddress) return [];
	return book.matches(words, kind === 'ipv4').map((row) => describe(book, row));
}

function describe({ log }: Rulebook, row: number): Match {
	const { batch } = log;
	const kind = batch.kind(row);
	const [label, source, line] = [batch.labelOf(row), batch.sourceOf(row), batch.lineOf(row)];
	const expiresAt = batch.expiryOf(row);
	return {
		rule: formatRule(batch, row),
		kind: kind === KIND.none ? 'address' : KIND_NAMES[kind],
		exception: batch.isException(row),
		...(label !== undefined && { label }),
		...(source !== undefined && { source }),
		...(line !== undefined && { line }),
		...(expiresAt !== Infinity && { expiresAt }),
		hits: log.hits?.[row] ?? 0,
	};
}
