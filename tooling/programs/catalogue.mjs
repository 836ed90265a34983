/** The programs, and what of each must go over our sockets. A new program is a file in programs/ and an entry here. */

/**
 * @typedef {object} Program
 * @property {string} file - in programs/.
 * @property {'web' | 'clients' | 'messages' | 'databases'} group - the test file that runs it.
 * @property {number} clients - so many client sockets at least.
 * @property {number} servers - so many accepted sockets at least.
 * @property {number} bytes - so many bytes at least, read by all of them together.
 * @property {import('./harness/server.mjs').ServerName} [server] - the server of another kind that it talks to.
 * @property {number} [limitMs] - how long it may take; default: two minutes.
 * @property {string} [nodesOwn] - why sockets of Node's own may be there as well.
 */

const tls = "Node's tls makes TCP handles of its own";
const http2 = "Node's http2 servers make handles of their own";

/** @type {readonly Program[]} */
export const programs = [
	{ file: 'fastify.mjs', group: 'web', clients: 4, servers: 4, bytes: 2_000_000 },
	{ file: 'express.mjs', group: 'web', clients: 10, servers: 10, bytes: 2_000_000 },
	{ file: 'ws.mjs', group: 'web', clients: 50, servers: 50, bytes: 4_000_000 },
	{ file: 'undici.mjs', group: 'clients', clients: 10, servers: 10, bytes: 8_000_000 },
	{ file: 'fetch.mjs', group: 'clients', clients: 10, servers: 10, bytes: 10_000_000 },
	{ file: 'http.mjs', group: 'web', clients: 20, servers: 20, bytes: 140_000_000 },
	{ file: 'https.mjs', group: 'clients', clients: 2, servers: 1, bytes: 6_000_000, nodesOwn: tls },
	{ file: 'http-proxy.mjs', group: 'web', clients: 10, servers: 10, bytes: 20_000_000, nodesOwn: tls },
	{ file: 'socket.io.mjs', group: 'web', clients: 20, servers: 20, bytes: 1_500_000 },
	{ file: 'koa.mjs', group: 'clients', clients: 10, servers: 10, bytes: 4_000_000 },
	{ file: 'tunnels.mjs', group: 'clients', clients: 20, servers: 20, bytes: 15_000_000, nodesOwn: tls },
	{ file: 'grpc.mjs', group: 'clients', clients: 2, servers: 0, bytes: 4_000_000, nodesOwn: http2 },
	{ file: 'mqtt.mjs', group: 'messages', clients: 8, servers: 8, bytes: 4_000_000 },
	{ file: 'smtp.mjs', group: 'messages', clients: 10, servers: 10, bytes: 2_000_000, nodesOwn: tls },
	{ file: 'rhea.mjs', group: 'messages', clients: 1, servers: 1, bytes: 5_000_000 },
	{ file: 'jsonrpc.mjs', group: 'messages', clients: 2, servers: 2, bytes: 2_000_000 },
	{ file: 'ssh2.mjs', group: 'messages', clients: 6, servers: 6, bytes: 15_000_000 },
	{ file: 'ioredis.mjs', group: 'databases', clients: 10, servers: 0, bytes: 1_000_000, server: 'redis' },
	{ file: 'redis.mjs', group: 'databases', clients: 14, servers: 0, bytes: 1_000_000, server: 'redis' },
	{ file: 'pg.mjs', group: 'databases', clients: 20, servers: 0, bytes: 4_000_000, server: 'postgresql' },
	{ file: 'mysql2.mjs', group: 'databases', clients: 14, servers: 0, bytes: 8_000_000, server: 'mariadb' },
];
