/** Redis by redis (node-redis): commands, a turn of them, transactions, pub/sub, a pool, binary values; TCP and Unix. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { RESP_TYPES, createClient, createClientPool } from 'redis';

const { REDIS_PORT, REDIS_PATH } = process.env;
const large = randomBytes(500_000);
const prefix = `redis-${process.pid}:`;
/** By default a command must be answered in 5 s, and a pool have a client in 3 s; a busy processor can take longer. */
const patience = 60_000;
const commandOptions = { timeout: patience };

for (const socket of [{ host: '127.0.0.1', port: Number(REDIS_PORT) }, { path: REDIS_PATH }]) await talk(socket);
console.log('ok: over TCP and over a Unix socket');

async function talk(socket) {
	const client = createClient({ socket, commandOptions });
	client.on('error', (error) => {
		throw error;
	});
	await client.connect();
	await commands(client);
	await publishing(client);
	await pooled(socket);
	await refusal();
	await client.del(['text', 'large', 'count', 'hash', 'pool'].map((name) => prefix + name));
	await client.close();
	assert.equal(client.isOpen, false);
}

async function commands(client) {
	assert.equal(await client.ping(), 'PONG');
	await client.set(`${prefix}text`, 'ä € 𝄞', { expiration: { type: 'EX', value: 600 } });
	assert.equal(await client.get(`${prefix}text`), 'ä € 𝄞');
	assert.equal(await client.get(`${prefix}nothing`), null);
	await client.hSet(`${prefix}hash`, { one: '1', two: '2' });
	assert.deepEqual({ ...(await client.hGetAll(`${prefix}hash`)) }, { one: '1', two: '2' });

	const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
	await binary.set(`${prefix}large`, large);
	assert.ok(large.equals(await binary.get(`${prefix}large`)));

	await client.del(`${prefix}count`);
	const answers = await Promise.all(Array.from({ length: 1000 }, () => client.incr(`${prefix}count`)));
	assert.deepEqual(
		answers,
		answers.map((_, index) => index + 1),
	);
	assert.deepEqual(await client.multi().set(`${prefix}text`, '1').incr(`${prefix}text`).exec(), ['OK', 2]);
	await assert.rejects(client.lPush(`${prefix}text`, 'x'), /WRONGTYPE/);
}

async function publishing(client) {
	const subscriber = client.duplicate();
	await subscriber.connect();
	const received = [];
	const done = new Promise((resolve) => {
		void subscriber.pSubscribe(`${prefix}news*`, (text) => {
			if (received.push(text) === 20) resolve();
		});
	});
	// Its own answer comes behind that of the subscription.
	await subscriber.ping();
	for (let i = 0; i < 20; i++) assert.equal(await client.publish(`${prefix}news`, `${i}`), 1);
	await done;
	assert.equal(received.at(-1), '19');
	subscriber.destroy();
}

async function pooled(socket) {
	const pool = createClientPool({ socket, commandOptions }, { minimum: 3, maximum: 5, acquireTimeout: patience });
	await pool.connect();
	const answers = await Promise.all(Array.from({ length: 50 }, () => pool.incr(`${prefix}pool`)));
	assert.equal(new Set(answers).size, 50);
	await pool.close();
}

/** Nobody listens there. */
async function refusal() {
	const client = createClient({ socket: { path: `${REDIS_PATH}.not`, reconnectStrategy: false } });
	const told = once(client, 'error');
	await assert.rejects(client.connect(), { code: 'ENOENT' });
	assert.equal((await told)[0].code, 'ENOENT');
}
