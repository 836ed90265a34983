/** Addresses as raw bytes in network order, four or sixteen of them. */

/** @throws RangeError when fewer than 4 bytes follow. */
export function readIPv4(bytes: Uint8Array, offset = 0): number {
	return word(bytes, offset);
}

/**
 * @param words - gets the address in its first four elements.
 * @throws RangeError when fewer than 16 bytes follow.
 */
export function readIPv6(bytes: Uint8Array, words: Uint32Array, offset = 0): void {
	if (offset + 16 > bytes.length) throw new RangeError('16 bytes are needed');
	for (let i = 0; i < 4; i++) words[i] = word(bytes, offset + 4 * i);
}

/** @throws RangeError when there is no room for 4 bytes. */
export function writeIPv4(address: number, bytes: Uint8Array, offset = 0): void {
	if (offset < 0 || offset + 4 > bytes.length) throw new RangeError('4 bytes are needed');
	bytes[offset] = address >>> 24;
	bytes[offset + 1] = address >>> 16;
	bytes[offset + 2] = address >>> 8;
	bytes[offset + 3] = address;
}

/** @throws RangeError when there is no room for 16 bytes. */
export function writeIPv6(words: Uint32Array, bytes: Uint8Array, offset = 0): void {
	if (offset < 0 || offset + 16 > bytes.length) throw new RangeError('16 bytes are needed');
	for (let i = 0; i < 4; i++) writeIPv4(words[i] ?? 0, bytes, offset + 4 * i);
}

function word(bytes: Uint8Array, offset: number): number {
	const [a, b, c, d] = [bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]];
	if (a === undefined || b === undefined || c === undefined || d === undefined)
		throw new RangeError('4 bytes are needed');
	return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
