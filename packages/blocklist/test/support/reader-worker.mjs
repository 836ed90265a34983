/** Asks a shared list as fast as it can until it is told to stop, and tells what it saw. */
import { parentPort, workerData } from 'node:worker_threads';
import { BlockListReader } from '@net/blocklist';

const { shared, control, always, never, turning } = workerData;
const before = process.memoryUsage().arrayBuffers;
const reader = new BlockListReader(shared);
const copied = process.memoryUsage().arrayBuffers - before;
const state = new Int32Array(control);
const words = new Uint32Array(4);
let checks = 0;
let wrong = 0;
const seen = [0, 0];
Atomics.add(state, 1, 1);
Atomics.notify(state, 1);
while (Atomics.load(state, 0) === 0) {
	for (let i = 0; i < 500; i++) {
		if (!reader.checkIPv4(always[i % always.length])) wrong++;
		if (reader.checkIPv4(never[i % never.length])) wrong++;
		// The same in IPv6, as the lower half of a /64.
		words.set([0x2001_0db8, always[i % always.length], 0, 1]);
		if (!reader.checkIPv6(words)) wrong++;
		words[1] = never[i % never.length];
		if (reader.checkIPv6(words)) wrong++;
		if (!reader.checkIPv6([0x3001_0db8, 0x0001_0000, 0, i])) wrong++;
		seen[reader.checkIPv4(turning[i % turning.length]) ? 1 : 0]++;
		checks += 6;
	}
}
parentPort.postMessage({ copied, checks, wrong, seen, last: reader.check('203.0.113.7') });
