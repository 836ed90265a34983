/** A program as people have it, behind `--import @net/node/register`: ioredis, with many commands in a turn. */
import { registrants } from '../contenders.mjs';
import { letWork } from '../load.mjs';
import { startRedis, whyNoRedis } from '../redis-load.mjs';
import { roundsCase } from '../rounds.mjs';

/** As servers/redis.mjs has it. */
const COMMANDS = 100;

export const redis = roundsCase(
	'redis',
	`ioredis behind register sends ${COMMANDS} commands a turn to a Redis`,
	async ({ unix }, { cores, directory }) => {
		const lacking = whyNoRedis();
		if (lacking !== undefined) return lacking;
		const { environment, redis: server } = await startRedis({ core: cores.load, directory, unix });
		return {
			title: `redis: ioredis gets ${COMMANDS} keys a turn from a Redis; "streams" is register`,
			mode: 'redis',
			contenders: registrants,
			environment,
			unit: { name: 'command', cpu: 'CPU µs/command', scale: 1000, rate: 'commands/s', rateScale: 1 },
			load: letWork,
			async end() {
				// It does not look at its stdin.
				server.kill();
				await server.stop();
			},
			facts: { commands: COMMANDS, unix },
		};
	},
);
