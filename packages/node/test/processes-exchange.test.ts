/** Connections that change hands at random moments, under traffic both ways: every byte arrives once and in order. */
import type { Socket as HostSocket } from 'node:net';

import net from '@net/node';
import { toNodeSocket } from '@net/node/processes';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { gone, openSockets, pair, rounds } from './support/sockets.ts';
import type { Socket } from './support/sockets.ts';

const exchange = suite('exchange');

const CONNECTIONS = 20;
const STEPS = 12;
const SEEDS = [1, 2, 3, 4];

/** What one side sent and the other received. */
class Ledger {
	readonly sent: Buffer[] = [];
	readonly received: Buffer[] = [];

	agrees(): boolean {
		return Buffer.concat(this.sent).equals(Buffer.concat(this.received));
	}
}

/** The near end moves between ours and Node's own; the far one is Node's all the time. */
async function connection(random: Random): Promise<{ there: Ledger; back: Ledger }> {
	const { near, far } = await pair({ pauseOnConnect: chance(random, 50) });
	const there = new Ledger();
	const back = new Ledger();
	far.on('data', (chunk: Buffer) => back.received.push(chunk));
	const onData = (chunk: Buffer): void => void there.received.push(chunk);
	const write = (from: Socket | HostSocket, ledger: Ledger): void => {
		const chunk = Buffer.from(
			Uint8Array.from({ length: random.below(chance(random, 10) ? 200_000 : 3000) }, () => random.below(256)),
		);
		ledger.sent.push(chunk);
		from.write(chunk);
	};
	const read = (from: Socket | HostSocket): void => {
		from.off('data', onData).on('data', onData);
		from.resume();
	};
	let holder: Socket | HostSocket = near;
	for (let step = 0; step < STEPS; step++) {
		if (chance(random, 70)) write(far, there);
		if (chance(random, 70)) write(holder, back);
		if (chance(random, 60)) read(holder);
		await rounds(random.below(4));
		if (chance(random, 30)) holder.pause();
		if (chance(random, 60)) holder = await move(holder, onData);
	}
	const ended = new Promise((resolve) => far.once('end', resolve));
	const nearEnded = new Promise((resolve) => holder.once('end', resolve));
	far.end();
	read(holder);
	await nearEnded;
	if (!holder.writableEnded) holder.end();
	await ended;
	await gone(holder, far);
	return { there, back };
}

/** To the other kind. Node's socket has to have sent what it was given. */
async function move(holder: Socket | HostSocket, onData: (chunk: Buffer) => void): Promise<Socket | HostSocket> {
	if (holder instanceof net.Socket) return toNodeSocket(holder);
	if (holder.writableLength > 0) await new Promise((resolve) => holder.write('', resolve));
	holder.off('data', onData);
	return new net.Socket({ handle: holder, pauseOnCreate: true });
}

function chance(random: Random, percent: number): boolean {
	return random.below(100) < percent;
}

for (const seed of SEEDS) {
	exchange(`no byte is lost or doubled (seed ${seed})`, async () => {
		const before = await openSockets();
		const random = new Random(seed);
		const all = await Promise.all(
			Array.from({ length: CONNECTIONS }, () => connection(new Random(random.below(2 ** 31)))),
		);
		for (const [i, { there, back }] of all.entries()) {
			assert.ok(there.agrees(), `connection ${i}, to the one that moves`);
			assert.ok(back.agrees(), `connection ${i}, from it`);
		}
		assert.is(await openSockets(), before);
	});
}

exchange.run();
