/** Prints what node:net's `listen` makes of each of the first `process.argv[2]` argument lists. */
import dns from 'node:dns';
import net from 'node:net';
import { listenArguments, thrown } from '../support/cases.ts';
import type { Outcome } from '../support/cases.ts';

let lookedUp: unknown;
const lookup = dns.lookup;

Object.assign(dns, {
	lookup(host: unknown, options: { all?: boolean }, callback: (...args: unknown[]) => void) {
		// Node's own has to complain.
		if (typeof host !== 'string') return Reflect.apply(lookup, dns, [host, options, callback]);
		lookedUp = host;
		process.nextTick(callback, null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
	},
});

async function outcomeOf(args: unknown[]): Promise<Outcome> {
	lookedUp = undefined;
	const server = net.createServer();
	try {
		return await new Promise((resolve) => {
			// The last step before the system is asked.
			const listen = (address: unknown, port: unknown, _type: unknown, backlog: unknown, fd: unknown): void => {
				if (fd !== undefined && fd !== null) resolve({ fd });
				else resolve(queued(port === -1 ? { path: address } : { host: lookedUp ?? null, port }, backlog));
			};
			Object.assign(server, { _listen2: listen });
			Reflect.apply(server.listen, server, args);
		});
	} catch (error) {
		return thrown(error);
	}
}

/** With the queue's length as node:net gives it to the system, which takes no BigInt; after a look-up nobody can catch that. */
function queued(place: Outcome, backlog: unknown): Outcome {
	try {
		// As the number that it should be.
		return { ...place, backlog: +((backlog as number) || 511) | 0 };
	} catch (error) {
		return thrown(error);
	}
}

const outcomes: Outcome[] = [];
for (let seed = 0; seed < Number(process.argv[2]); seed++) outcomes.push(await outcomeOf(listenArguments(seed)));
process.stdout.write(JSON.stringify(outcomes));
