/** A program whose work is to ask a Redis: unmodified ioredis, over node:net or, behind register, over ours. */
import { Redis } from 'ioredis';
import { announce, answerTo, mode } from './control.mjs';

const COMMANDS = 100;

const place = process.env['BENCH_REDIS'];
if (mode !== 'redis' || place === undefined) throw new Error('BENCH_REDIS says where the Redis is');
const redis = new Redis(JSON.parse(place));
// Each process has keys of its own.
const keys = Array.from({ length: COMMANDS }, (_, index) => `bench:${process.pid}:${index}`);
const values = keys.map((_, index) => `the value of key ${index}`);
await Promise.all(keys.map((key, index) => redis.set(key, values[index] ?? '')));

/** Turns of so many commands, each behind the answers of the one before. */
answerTo('work', async (seconds) => {
	const end = performance.now() + Number(seconds) * 1000;
	let units = 0;
	while (performance.now() < end) {
		const answers = await Promise.all(keys.map((key) => redis.get(key)));
		if (answers.some((answer, index) => answer !== values[index])) return { wrong: true };
		units += COMMANDS;
	}
	return { units };
});
announce(0, { socket: Reflect.get(redis, 'stream').constructor.name });
