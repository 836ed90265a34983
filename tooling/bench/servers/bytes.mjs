/** What the servers of all kinds have in common: how much they answer, and with which bytes. */

/** How often a server in the mode `burst` writes what it got. */
export const COPIES = 16;

/**
 * The chunk that a server in the mode `source` sends again and again; the load generator knows it too.
 * @param {number} length
 * @returns {Buffer}
 */
export function sourceChunk(length) {
	const chunk = Buffer.alloc(length);
	for (let i = 0; i < length; i++) chunk[i] = i * 31 + (i >> 8) * 17;
	return chunk;
}
