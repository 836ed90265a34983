/** Prints where node:net goes with each of the first `process.argv[2]` argument lists. */
import dns from 'node:dns';
import net from 'node:net';
import { connectArguments, thrown } from '../support/cases.ts';
import type { Outcome } from '../support/cases.ts';

let lookedUp: unknown;

// Names are not resolved; which one was asked for is what is compared.
Object.assign(dns, {
	lookup(host: unknown, options: { all?: boolean }, callback: (...args: unknown[]) => void) {
		lookedUp = host;
		process.nextTick(callback, null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
	},
});

async function outcomeOf(args: unknown[]): Promise<Outcome> {
	lookedUp = undefined;
	const socket = new net.Socket();
	try {
		return await new Promise((resolve) => {
			socket.on('connectionAttempt', (ip: string, port: number | undefined) => {
				resolve(port === undefined ? { path: ip } : { host: lookedUp ?? ip, port });
			});
			socket.on('error', (error: NodeJS.ErrnoException & { address?: string }) => {
				if (error.syscall === 'bind') resolve({ bind: true });
				else resolve({ unexpected: String(error) });
			});
			// The arguments are wrong on purpose.
			Reflect.apply(socket.connect, socket, args);
		});
	} catch (error) {
		return thrown(error);
	} finally {
		socket.destroy();
	}
}

const outcomes: Outcome[] = [];
for (let seed = 0; seed < Number(process.argv[2]); seed++) outcomes.push(await outcomeOf(connectArguments(seed)));
process.stdout.write(JSON.stringify(outcomes));
