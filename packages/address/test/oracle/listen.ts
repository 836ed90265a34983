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
				else if (port === -1) resolve({ path: address, backlog: queue(backlog) });
				else resolve({ host: lookedUp ?? null, port, backlog: queue(backlog) });
			};
			Object.assign(server, { _listen2: listen });
			Reflect.apply(server.listen, server, args);
		});
	} catch (error) {
		return thrown(error);
	}
}

/** As node:net gives it to the system. */
function queue(backlog: unknown): number {
	return Number(backlog || 511) | 0;
}

const outcomes: Outcome[] = [];
for (let seed = 0; seed < Number(process.argv[2]); seed++) outcomes.push(await outcomeOf(listenArguments(seed)));
process.stdout.write(JSON.stringify(outcomes));
