/** Servers in worker threads: four share a port, and one that is terminated under load hurts nobody. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { gone, openSockets, rounds } from './support/sockets.ts';

const workers = suite('workers');

const program = new URL('./programs/worker-server.mjs', import.meta.url);
const major = Number.parseInt(process.versions.node, 10);

/** A worker that listens on the port, and the port. */
async function start(port: number): Promise<{ worker: Worker; port: number }> {
	// The program is plain JavaScript; the test's own loader is not for it.
	const worker = new Worker(program, { workerData: port, execArgv: [] });
	const [told] = await once(worker, 'message');
	if (typeof told !== 'number') throw new Error(String(told));
	return { worker, port: told };
}

/** A client that asks again and again; which workers answered, and how it ended. */
class Client {
	readonly answered = new Set<string>();
	answers = 0;
	readonly closed: Promise<unknown>;
	#wanted = true;
	readonly #socket;

	constructor(port: number) {
		const socket = connect(port, '127.0.0.1', () => socket.write('x'));
		this.#socket = socket;
		this.closed = new Promise((resolve) => socket.once('close', resolve));
		socket.on('error', () => {});
		socket.setEncoding('utf8').on('data', (chunk) => {
			const text = String(chunk);
			for (const [id] of text.matchAll(/\d+(?=:)/g)) this.answered.add(id);
			this.answers++;
			if (this.#wanted) socket.write('x');
		});
	}

	/** Until it has got this many more answers, or the connection is gone. */
	async until(more: number): Promise<void> {
		const enough = this.answers + more;
		while (this.answers < enough && !this.#socket.destroyed)
			await Promise.race([once(this.#socket, 'data'), this.closed]);
	}

	get open(): boolean {
		return !this.#socket.destroyed;
	}

	async end(): Promise<void> {
		this.#wanted = false;
		await gone(this.#socket);
	}
}

workers('four on one port, one of them terminated under load', async () => {
	if (process.env['NET_LOOP_DRIVER'] === 'portable' && major < 22) skip('the host has no reusePort');
	const before = await openSockets();
	const first = await start(0);
	const { port } = first;
	const others = await Promise.all([start(port), start(port), start(port)]);
	assert.equal(
		others.map((other) => other.port),
		[port, port, port],
	);
	const clients = Array.from({ length: 60 }, () => new Client(port));
	await Promise.all(clients.map((client) => client.until(5)));
	const answering = new Set(clients.flatMap((client) => [...client.answered]));
	// The kernel deals out 60 connections by their hash: that one of four gets none is out of the question (1e-7).
	assert.is(answering.size, 4);
	assert.ok(clients.every((client) => client.open && client.answered.size === 1));

	const victims = clients.filter((client) => client.answered.has(String(first.worker.threadId)));
	const rest = clients.filter((client) => !victims.includes(client));
	await first.worker.terminate();
	await Promise.all(victims.map((client) => client.closed));
	await Promise.all(rest.map((client) => client.until(5)));
	assert.ok(rest.every((client) => client.open));

	// Who comes now goes to those that are left.
	const late = Array.from({ length: 20 }, () => new Client(port));
	await Promise.all(late.map((client) => client.until(1)));
	assert.ok(late.every((client) => client.open && client.answers > 0));

	await Promise.all(others.map(({ worker }) => worker.terminate()));
	await Promise.all([...clients, ...late].map((client) => client.end()));
	await rounds(5);
	assert.is(await openSockets(), before);
});

workers('all terminated at once under load', async () => {
	const before = await openSockets();
	const started = await Promise.all([start(0), start(0), start(0), start(0)]);
	const clients = started.flatMap(({ port }) => Array.from({ length: 10 }, () => new Client(port)));
	await Promise.all(clients.map((client) => client.until(3)));
	await Promise.all(started.map(({ worker }) => worker.terminate()));
	await Promise.all(clients.map((client) => client.closed));
	await rounds(5);
	assert.is(await openSockets(), before);
});

workers.run();
