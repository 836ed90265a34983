/** The addon by itself: whatever a script puts into the memory that both share, it answers and crashes nothing. */
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { Random, skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driver } from './support/handles.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const binding = suite('the addon');

/** What of the addon is used here; see binding.rs. */
interface Addon {
	start(complete: () => void, turn: Int32Array, completions: Int32Array, records: Int32Array, arena: Buffer): number;
	submit(loop: unknown, from: unknown, to: unknown, chunks: unknown): void;
	setReceiveBuffer(loop: unknown, index: unknown, buffer: unknown): void;
	bindTcp(loop: number, local: string, port: number, flags: number): number;
	connectTcp(loop: number, bound: number, remote: string, port: number): number;
	listenTcp(loop: number, local: string, port: number, backlog: number, flags: number): number;
	localAddress(loop: number, handle: number): { port: number };
	fd(loop: number, handle: number): number;
	backlog(loop: number, handle: number): number;
	close(loop: number, handle: number): number;
}

const SLOTS = 2 ** 22;
const WORDS = 6;
const RECORDS = 64;
const IN_WAKE_UP = 1;
const COUNT = 3;
const ACCEPTED = 6;
const EBADF = -constants.errno.EBADF;

/** A loop of the test's own, beside that of this thread's driver. */
class Loop {
	readonly addon: Addon;
	readonly number: number;
	readonly records: Int32Array = new Int32Array(RECORDS * WORDS);
	/** The handles that were accepted. */
	readonly accepted: number[] = [];

	constructor() {
		if (driver.name !== 'native') skip('the portable driver has no addon');
		const require = createRequire(import.meta.url);
		const { glibcVersionRuntime } = Object(process.report.getReport()).header;
		const name = `@net/loop-linux-${process.arch}-${glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`;
		this.addon = require(name);
		const turn = new Int32Array(4);
		const completions = new Int32Array(512 * WORDS);
		const complete = (): void => {
			for (let at = 0; at < (turn[COUNT] ?? 0) * WORDS; at += WORDS) {
				if (completions[at] !== ACCEPTED) continue;
				this.accepted.push((completions[at + 4] ?? 0) * SLOTS + (completions[at + 3] ?? 0));
			}
			turn[IN_WAKE_UP] = 0;
		};
		this.number = this.addon.start(complete, turn, completions, this.records, Buffer.alloc(4096));
		this.addon.setReceiveBuffer(this.number, 0, Buffer.allocUnsafeSlow(65_536));
	}
}

binding('numbers that no handle has find none', () => {
	const { addon, number } = new Loop();
	const first = addon.bindTcp(number, '127.0.0.1', 0, 0);
	assert.is(first, 0);
	for (const none of [Number.NaN, -1, -0.5, -Infinity, Infinity, 2 ** 54, 2 ** 53 - 1, 1, SLOTS]) {
		assert.equal(
			[addon.fd(number, none), addon.close(number, none), addon.backlog(number, none)],
			[-1, EBADF, 0],
			`${none}`,
		);
	}
	assert.is(addon.close(number, first), 0);
	assert.is(addon.close(number + 1000, first), EBADF, 'a loop that is none');
});

for (let seed = 1; seed <= 5; seed++) {
	binding(`seed ${seed}: records and chunks of every kind`, async () => {
		const random = new Random(seed);
		const any = (list: readonly unknown[]): unknown => list[random.below(list.length)];
		const { accepted, addon, number, records } = new Loop();
		const listener = addon.listenTcp(number, '127.0.0.1', 0, 511, 0);
		const { port } = addon.localAddress(number, listener);
		const detached = new Uint8Array(40_000);
		structuredClone(detached.buffer, { transfer: [detached.buffer] });
		const kinds = [
			Buffer.alloc(50_000, 1),
			new Uint8Array(new SharedArrayBuffer(60_000)),
			new Float64Array(9000),
			new DataView(new ArrayBuffer(33_000)),
			...[detached, Buffer.alloc(0), undefined, null, 5, 'text', {}, new ArrayBuffer(40_000), Symbol('none')],
		];
		const wild = [-1, 0, 1, 7, 4095, 4096, 4097, 50_000, 2 ** 31 - 1, -(2 ** 31)];
		const numbers = [...wild, 2 ** 32, 2 ** 53, 0.5, Number.NaN, Infinity, undefined, null, 'text', {}];
		const clients: number[] = [];
		for (let round = 0; round < 200; round++) {
			if (clients.filter((id) => addon.fd(number, id) >= 0).length < 3) {
				clients.push(addon.connectTcp(number, -1, '127.0.0.1', port));
			}
			const known = [listener, ...clients.slice(-3), ...accepted.slice(-3)];
			for (let at = 0; at < records.length; at += WORDS) {
				const id = random.pick(known);
				const operation = random.below(12);
				records[at] = operation > 8 ? random.pick(wild) : operation > 5 ? 1 + random.below(2) : operation;
				records[at + 1] = random.below(8) === 0 ? random.pick(wild) : id % SLOTS;
				records[at + 2] = random.below(8) === 0 ? random.pick(wild) : Math.floor(id / SLOTS);
				records[at + 3] = random.below(4) === 0 ? random.pick(wild) : random.below(30);
				records[at + 4] = random.below(4) === 0 ? random.pick(wild) : random.below(50_000);
				records[at + 5] = 77;
			}
			if (random.below(4) === 0) {
				const values = [any(numbers), any(numbers), any(numbers)] as const;
				addon.submit(...values, any([undefined, null, 5, {}, new Proxy([], {}), 'text']));
				addon.setReceiveBuffer(any([number, ...numbers]), 1 + random.below(9), any(kinds.slice(4)));
			}
			const chunks = Array.from({ length: 30 }, () => any(kinds));
			addon.submit(number, 0, RECORDS + random.below(2) * 1000, chunks);
			for (let at = 0; at < records.length; at += WORDS) {
				const status = records[at + 5] ?? 77;
				assert.ok(status <= 1 && status > -134, `record ${at / WORDS} is answered by ${status}`);
			}
			if (round % 5 === 0) await turnOfTheLoop();
		}
		for (const id of [listener, ...clients, ...accepted]) addon.close(number, id);
		await turnOfTheLoop();
		for (const id of accepted) addon.close(number, id);
		for (const id of [listener, ...clients, ...accepted]) assert.is(addon.fd(number, id), -1);
	});
}

binding.run();
