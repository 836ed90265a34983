/** The programs, and what of each must go over our sockets. A new program is a file in programs/ and an entry here. */

/**
 * @typedef {object} Program
 * @property {string} file - in programs/.
 * @property {'web' | 'messages' | 'databases'} group - the test file that runs it.
 * @property {number} clients - so many client sockets at least.
 * @property {number} servers - so many accepted sockets at least.
 * @property {number} bytes - so many bytes at least, read by all of them together.
 * @property {import('./harness/server.mjs').ServerName} [server] - the server of another kind that it talks to.
 * @property {string} [nativeTls] - why Node's own handles may carry this program's TLS.
 */

/** @type {readonly Program[]} */
export const programs = [{ file: 'fastify.mjs', group: 'web', clients: 1, servers: 1, bytes: 2_000_000 }];
