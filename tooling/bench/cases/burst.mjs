/** What a pipelining driver of a database does all day: many small writes in one turn. */
import { messages, roundsCase } from '../rounds.mjs';
import { putEcho } from './echo.mjs';

const DEFAULT = ['c', 'net', 'streams', 'handles', 'portable', 'net-26', 'streams-26', 'handles-26', 'bun', 'bun-net', 'deno-net', 'go']; // prettier-ignore
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
			contenders: DEFAULT,
			unix: settings.unix,
			unit: messages,
			load: (server, seconds) => putEcho(server, cores.load, options, seconds),
			facts: { connections, size: BYTES, copies: COPIES },
		};
	},
);
