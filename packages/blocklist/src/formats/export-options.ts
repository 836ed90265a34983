/** How a list is written in a format of others: what a user says of it, checked and completed. */
import type { Blocks } from './blocks.ts';

/** The formats that `exportList` writes; {@link ExportFormat} says what each is. */
export const EXPORT_FORMATS = ['cidr', 'range', 'json', 'nft', 'ipset', 'iptables'] as const;

/**
 * - `cidr`: a prefix a line.
 * - `range`: `first-last` a line, or one address.
 * - `json`: an array of prefixes.
 * - `nft`: for `nft -f`: a table with the sets `ipv4` and `ipv6`.
 * - `ipset`: for `ipset restore`: the sets `<name>4` and `<name>6`.
 * - `iptables`: for `iptables-restore --noflush` (or `ip6tables-restore`, with `family: 6`): a chain.
 *
 * Loading one of the last three again replaces what it was before, at one moment.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How `exportList` writes a list. */
export interface ExportOptions {
	/** The name of the table, sets or chain: letters, digits, `_` and `-`, at most 26. Default: `blocklist`. */
	name?: string;
	/** Only this family. Default: both. iptables wants one, unless the list has only one. */
	family?: 4 | 6;
	/** After so many seconds a firewall's entry ends by itself, at most 99,999,999 for nft, 2,147,483 for ipset. Default: never. */
	timeoutSeconds?: number;
	/**
	 * nft and ipset: whether the sets are made for entries that end. Neither lets a set become such a one later. Default:
	 * whether there is a `timeoutSeconds`, or a rule that ends.
	 */
	timeouts?: boolean;
	/** The time that rules end after, in milliseconds since 1970. Default: `Date.now()`. */
	now?: number;
	/** ipset: the room of the sets. Default: the entries, rounded up to a power of two, at least 1,048,576. */
	maxElements?: number;
	/** iptables: what becomes of packets. Default: `DROP`. */
	target?: string;
}

/** Formats of which entries can end. */
export const ENDING_FORMATS: readonly ExportFormat[] = ['nft', 'ipset'];

/** The options, with their defaults. */
export interface Settings {
	name: string;
	timeouts: boolean;
	timeoutSeconds: number | undefined;
	maxElements: number | undefined;
	target: string;
	/** After how many seconds a range of a family ends; undefined where it is as the whole set. */
	secondsOf: (family: 4 | 6, range: number) => number | undefined;
}

/** @throws RangeError for an option that the format cannot have. */
export function settingsOf(options: ExportOptions, format: ExportFormat, now: number, { ends }: Blocks): Settings {
	const { name = 'blocklist', timeoutSeconds, maxElements, target = 'DROP' } = options;
	const longest = format === 'ipset' ? LONGEST_IPSET_TIMEOUT_SECONDS : LONGEST_TIMEOUT_SECONDS;
	if (!/^[a-zA-Z][\w-]{0,25}$/.test(name)) {
		throw new RangeError(`the name is a letter and up to 25 letters, digits, _ or -; it is ${JSON.stringify(name)}`);
	}
	if (!/^[A-Za-z][\w-]{0,27}$/.test(target)) throw new RangeError(`no target of iptables: ${JSON.stringify(target)}`);
	if (timeoutSeconds !== undefined && !isCount(timeoutSeconds, longest)) {
		throw new RangeError(`a timeout is 1 to ${longest} seconds; it is ${timeoutSeconds}`);
	}
	if (maxElements !== undefined && !isCount(maxElements, 0xffff_ffff)) {
		throw new RangeError(`the room of a set is 1 to 4294967295 elements; it is ${maxElements}`);
	}
	const most = timeoutSeconds ?? longest;
	const secondsOf = (family: 4 | 6, range: number): number | undefined => {
		const end = ends?.[family === 4 ? 'ipv4' : 'ipv6'][range] ?? Infinity;
		return end === Infinity ? undefined : Math.max(1, Math.min(most, Math.ceil((end - now) / 1000)));
	};
	const isEnding = [ends?.ipv4, ends?.ipv6].some((times) => times?.some((end) => end !== Infinity));
	const timeouts = options.timeouts ?? (timeoutSeconds !== undefined || isEnding);
	if (!timeouts && (timeoutSeconds !== undefined || isEnding))
		throw new RangeError('entries end, so timeouts are there');
	return { name, timeouts, timeoutSeconds, maxElements, target, secondsOf };
}

function isCount(value: number, most: number): boolean {
	return Number.isInteger(value) && value >= 1 && value <= most;
}

/** nft reads eight digits. `ipset` 7 takes what 31 bits of milliseconds hold. */
const LONGEST_TIMEOUT_SECONDS = 99_999_999;
const LONGEST_IPSET_TIMEOUT_SECONDS = 2_147_483;
