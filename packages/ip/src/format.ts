/** Numbers to text, as Node prints addresses. */

/** `127.0.0.1` from 0x7f000001. */
export function formatIPv4(address: number): string {
	return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/**
 * The canonical form (RFC 5952): lower case, no leading zeros, the longest run of two or more zero groups is `::`, the
 * first of equal runs. As Node does, the last 32 bits are dotted where the address is mapped (`::ffff:1.2.3.4`) or begins
 * with just 96 zero bits (`::1.2.3.4`, but `::5`, which begins with 112).
 */
export function formatIPv6(words: ArrayLike<number>): string {
	let gap = -1;
	let gapLength = 1;
	for (let i = 0; i < 8; i++) {
		let length = 0;
		while (i + length < 8 && groupOf(words, i + length) === 0) length++;
		if (length > gapLength) {
			gap = i;
			gapLength = length;
		}
		i += length;
	}
	const dotted = gap === 0 && (gapLength === 6 || (gapLength === 5 && groupOf(words, 5) === 0xffff));
	const end = dotted ? 6 : 8;
	let text = '';
	for (let i = 0; i < end; i++) {
		if (i === gap) {
			text += '::';
			i += gapLength - 1;
		} else {
			text += (text === '' || text.endsWith(':') ? '' : ':') + groupOf(words, i).toString(16);
		}
	}
	if (!dotted) return text;
	return `${text}${text.endsWith(':') ? '' : ':'}${formatIPv4(words[3] ?? 0)}`;
}

function groupOf(words: ArrayLike<number>, index: number): number {
	const word = words[index >> 1] ?? 0;
	return index & 1 ? word & 0xffff : word >>> 16;
}
