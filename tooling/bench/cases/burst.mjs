/** What a pipelining driver of a database does all day: many small writes in one turn. */
import { everybody } from '../contenders.mjs';
import { messages, roundsCase } from '../rounds.mjs';
import { putEcho } from './echo.mjs';

/** As servers/bytes.mjs has it. */
const COPIES = 16;
const BYTES = 32;

export const burst = roundsCase(
	'burst',
	'16 writes of 32 bytes in one turn for each message; the C server sends them at once',
	(settings, { cores }) => {
		const { connections = 50 } = settings;
		const options = ['--connections', String(connections), '--size', String(BYTES), '--copies', String(COPIES)];
		return {
			title: `burst: ${COPIES} writes of ${BYTES} B for a message of ${BYTES} B, ${connections} connections`,
			mode: 'burst',
			contenders: everybody,
			unix: settings.unix,
			unit: messages,
			load: (server, seconds) => putEcho(server, cores.load, options, seconds),
			facts: { connections, size: BYTES, copies: COPIES },
		};
	},
);
