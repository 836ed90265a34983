/** Redis by ioredis: commands, pipelines, transactions, a script, large values, pub/sub, blocking, streams; TCP and Unix. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';

const { REDIS_PORT, REDIS_PATH } = process.env;
const large = randomBytes(500_000);

for (const place of [{ host: '127.0.0.1', port: Number(REDIS_PORT) }, { path: REDIS_PATH }]) await talk(place);
console.log('ok: over TCP and over a Unix socket');

async function talk(place) {
	// Others use the same server at the same time.
	const prefix = `ioredis-${process.pid}:`;
	const redis = new Redis({ ...place, keyPrefix: prefix, lazyConnect: true });
	await redis.connect();
	await commands(redis);
	await aTurn(redis);
	await transactions(redis);
	await streams(redis);
	await publishing(redis, prefix);
	await blocking(redis);
	await redis.del('text', 'large', 'list', 'stream', 'queue', 'count', 'hash');
	await reconnects(redis);
	assert.equal(await redis.quit(), 'OK');
	await refusal();
}

async function commands(redis) {
	assert.equal(await redis.ping(), 'PONG');
	assert.equal(await redis.set('text', 'ä € 𝄞'), 'OK');
	assert.equal(await redis.get('text'), 'ä € 𝄞');
	assert.equal(await redis.get('nothing'), null);
	await redis.hset('hash', { one: '1', two: '2' });
	assert.deepEqual(await redis.hgetall('hash'), { one: '1', two: '2' });
	await redis.set('large', large);
	assert.ok(large.equals(await redis.getBuffer('large')));
	await assert.rejects(redis.lpush('text', 'x'), /WRONGTYPE/);
	assert.deepEqual(await redis.eval('return {KEYS[1] ~= nil, ARGV[1]}', 1, 'text', 'argument'), [1, 'argument']);
}

/** A hundred commands that one turn sends, answered in order. */
async function aTurn(redis) {
	await redis.del('count', 'list');
	const answers = await Promise.all(Array.from({ length: 100 }, () => redis.incr('count')));
	assert.deepEqual(
		answers,
		answers.map((_, index) => index + 1),
	);
	const pipeline = redis.pipeline();
	for (let i = 0; i < 1000; i++) pipeline.rpush('list', `${i}`);
	assert.ok((await pipeline.exec()).every(([error, length], index) => error === null && length === index + 1));
	assert.equal((await redis.lrange('list', 0, -1)).at(-1), '999');
}

async function transactions(redis) {
	assert.deepEqual(await redis.multi().set('text', '1').incr('text').exec(), [
		[null, 'OK'],
		[null, 2],
	]);
}

async function streams(redis) {
	for (let i = 0; i < 10; i++) await redis.xadd('stream', '*', 'number', `${i}`);
	const entries = await redis.xrange('stream', '-', '+');
	assert.deepEqual(
		entries.map(([, [, number]]) => Number(number)),
		Array.from({ length: 10 }, (_, index) => index),
	);
	const found = new Set();
	for await (const fields of redis.hscanStream('hash')) for (const field of fields) found.add(field);
	assert.deepEqual([...found].sort(), ['1', '2', 'one', 'two']);
}

async function publishing(redis, prefix) {
	const subscriber = redis.duplicate();
	const channel = `${prefix}news`;
	const received = [];
	await subscriber.subscribe(channel);
	subscriber.on('message', (from, text) => received.push([from, text]));
	for (let i = 0; i < 20; i++) assert.equal(await redis.publish(channel, `${i}`), 1);
	while (received.length < 20) await once(subscriber, 'message');
	assert.deepEqual(received.at(-1), [channel, '19']);
	subscriber.disconnect();
	await once(subscriber, 'end');
}

async function blocking(redis) {
	const waiting = redis.duplicate();
	await waiting.connect();
	const taken = waiting.blpop('queue', 30);
	await redis.rpush('queue', 'at last');
	assert.equal((await taken)[1], 'at last');
	await waiting.quit();
}

/** The server ends the connection; the client makes another by itself. */
async function reconnects(redis) {
	const id = await redis.client('ID');
	const closed = once(redis, 'close');
	await redis.client('KILL', 'ID', id, 'SKIPME', 'no').catch(() => undefined);
	await closed;
	assert.equal(await redis.ping(), 'PONG');
	assert.notEqual(await redis.client('ID'), id);
}

/** Nobody listens there. */
async function refusal() {
	const redis = new Redis({ path: `${REDIS_PATH}.not`, lazyConnect: true, retryStrategy: null });
	const error = once(redis, 'error');
	await assert.rejects(redis.connect());
	assert.equal((await error)[0].code, 'ENOENT');
}
