/** What a row of a batch is, in sixteen bits: its prefix, its kind, the families of its ends, and whether it lets pass. */

/** What a row is; `none` was removed. */
export const KIND = { none: 0, address: 1, subnet: 2, range: 3 } as const;
/** One of {@link KIND}. */
export type Kind = (typeof KIND)[keyof typeof KIND];

const PREFIX_BITS = 0xff;
const KIND_SHIFT = 8;
const KIND_BITS = 3 << KIND_SHIFT;
const START_IPV6 = 1 << 10;
const END_IPV6 = 1 << 11;
const EXCEPTION = 1 << 12;
/** The lower 64 bits are left out: they are zeros, and ones at the end of a range. */
const HALF = 1 << 13;

type Part = 'ipv4Address' | 'ipv4Subnet' | 'ipv4Range' | 'ipv6Address' | 'ipv6Subnet' | 'exception' | 'half';

/** Of subnets without their prefix. */
export const META: Readonly<Record<Part, number>> = {
	ipv4Address: (KIND.address << KIND_SHIFT) | 32,
	ipv4Subnet: KIND.subnet << KIND_SHIFT,
	ipv4Range: KIND.range << KIND_SHIFT,
	ipv6Address: (KIND.address << KIND_SHIFT) | START_IPV6 | END_IPV6 | 128,
	ipv6Subnet: (KIND.subnet << KIND_SHIFT) | START_IPV6 | END_IPV6,
	exception: EXCEPTION,
	half: HALF,
};

/** Of a range of which an end may be IPv4. */
export function rangeMeta(startIPv6: boolean, endIPv6: boolean): number {
	return META.ipv4Range | (startIPv6 ? START_IPV6 : 0) | (endIPv6 ? END_IPV6 : 0);
}

export function kindOf(meta: number): Kind {
	// Two bits, of which all four values are kinds.
	return ((meta >>> KIND_SHIFT) & 3) as Kind;
}

export function prefixOf(meta: number): number {
	return meta & PREFIX_BITS;
}

export function startIsIPv6(meta: number): boolean {
	return (meta & START_IPV6) !== 0;
}

export function endIsIPv6(meta: number): boolean {
	return (meta & END_IPV6) !== 0;
}

export function isIPv4(meta: number): boolean {
	return (meta & (START_IPV6 | END_IPV6)) === 0;
}

export function isException(meta: number): boolean {
	return (meta & EXCEPTION) !== 0;
}

export function isBlocking(meta: number): boolean {
	return (meta & KIND_BITS) !== 0 && (meta & EXCEPTION) === 0;
}

export function isHalf(meta: number): boolean {
	return (meta & HALF) !== 0;
}

/** How many words an end takes beside the row. */
export function wordsOfEnd(meta: number): number {
	if (isIPv4(meta)) return kindOf(meta) === KIND.range ? 1 : 0;
	return isHalf(meta) ? 2 : 4;
}

/** How many words a row takes beside it. */
export function wordsOf(meta: number): number {
	return wordsOfEnd(meta) * (kindOf(meta) === KIND.range ? 2 : 1);
}
