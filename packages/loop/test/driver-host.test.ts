/** The driver contract: connections that come from the host's own `node:net`, and go back to it. */
import { skip } from '@tooling/test';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { Server, Socket, createConnection, createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Handle, Listener } from '@net/loop';
import type { Driver, HostHandle } from '@net/loop';
import { RecordedListener, connectedPair, driver } from './support/handles.ts';
import { E, onLinux } from './support/machine.ts';
import { Waiter, turnOfTheLoop } from './support/waiter.ts';

const hosts = suite(`driver ${driver.name}: what the host made`);

/** What a cluster's primary gives: something that listens, and no more. */
class FakeListening implements HostHandle {
	readonly calls: string[] = [];
	readonly answer: number;
	onconnection: ((errno: number, client: HostHandle) => void) | null = null;

	constructor(answer = 0) {
		this.answer = answer;
	}

	listen(backlog: number): number {
		this.calls.push(`listen ${backlog}`);
		return this.answer;
	}

	close(): void {
		this.calls.push('close');
	}

	ref(): void {
		this.calls.push('ref');
	}

	unref(): void {
		this.calls.push('unref');
	}
}

/** A connection of the host's: the handle inside its near end, and the far end. */
async function hostConnection(): Promise<{ near: Socket; inner: HostHandle; far: Socket }> {
	const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
	const address = server.address();
	const far = createConnection(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
	const near = await accepted;
	server.close();
	// Private to Node, and what its cluster gives.
	const inner: HostHandle = Reflect.get(near, '_handle');
	return { near, inner, far };
}

/** Descriptors of any kind; undefined where it cannot be told. */
function openDescriptors(): number | undefined {
	return onLinux ? readdirSync('/proc/self/fd').length : undefined;
}

hosts('what is no connection is refused, and left alone', () => {
	const handle = new Handle(driver);
	for (const value of [{}, { fd: 0 }, new Server(), Object.create(null)]) {
		assert.is(Reflect.apply(driver.adoptHost, driver, [handle, value]), E.INVAL);
	}
	assert.is(driver.adoptHost(handle, new Socket()), E.BADF);
	assert.is(handle.fd, -1);
});

hosts('a handle over a descriptor of another kind costs none', () => {
	if (driver.name === 'portable') skip('there the handle itself goes on to be used');
	const fd = openSync('/dev/null', 'r');
	class Pipe extends FakeListening {
		readonly fd = fd;
	}
	const fake = new Pipe();
	const before = openDescriptors();
	assert.is(driver.adoptHost(new Handle(driver), fake), E.INVAL);
	assert.is(openDescriptors(), before);
	assert.equal(fake.calls, []);
	closeSync(fd);
	assert.is(driver.adoptHost(new Handle(driver), fake), E.BADF);
});

hosts('a listener over a handle of the host passes all on, and closes it once', async () => {
	const fake = new FakeListening();
	const listener = new RecordedListener();
	assert.is(listener.listener.listenHost(fake, 7), 0);
	listener.listener.unref();
	listener.listener.ref();
	assert.is(listener.listener.local, undefined);
	assert.is(listener.listener.fd, -1);
	assert.is(listener.listener.toHostServer(), E.NOTSUP);
	listener.listener.close();
	listener.listener.close();
	assert.is(listener.listener.closed, true);
	await turnOfTheLoop();
	assert.equal(fake.calls, ['listen 7', 'unref', 'ref', 'close']);
});

hosts('a listener that was unreferenced before stays that', () => {
	const fake = new FakeListening();
	const listener = new Listener(driver, silent());
	listener.unref();
	listener.listenHost(fake, 1);
	assert.equal(fake.calls, ['listen 1', 'unref']);
	listener.close();
});

hosts("a handle that cannot listen stays the caller's", () => {
	const fake = new FakeListening(E.ADDRINUSE);
	const listener = new Listener(driver, silent());
	assert.is(listener.listenHost(fake, 1), E.ADDRINUSE);
	assert.equal(fake.calls, ['listen 1']);
	assert.is(listener.listenHost({ close() {} }, 1), E.INVAL);
	listener.close();
});

hosts('a connection that the host accepted is served, paused or not', async () => {
	for (const paused of [false, true]) {
		const fake = new FakeListening();
		const accepted: Handle[] = [];
		const listener = new Listener(
			driver,
			{ ...silent(), accept: (_listener, handle) => void accepted.push(handle) },
			paused,
		);
		listener.listenHost(fake, 1);
		const { inner, far } = await hostConnection();
		fake.onconnection?.(0, inner);
		assert.is(accepted.length, 1);
		const [handle] = accepted;
		assert.is(handle?.reading, !paused);
		const waiter = new Waiter();
		let text = '';
		if (handle !== undefined) {
			handle.events = {
				...handle.events,
				data: (_handle, chunk) => {
					text += chunk;
					waiter.check();
				},
			};
			handle.resume();
		}
		far.write('hello');
		await waiter.until(() => text === 'hello', 'the bytes');
		handle?.close();
		far.on('error', () => {}).resume();
		await new Promise((resolve) => far.once('close', resolve));
		listener.close();
		await turnOfTheLoop();
	}
});

hosts('what goes wrong in accepting costs that connection alone', async () => {
	class Broken extends Handle {
		constructor(ours: Driver) {
			super(ours);
			throw new Error('no handle');
		}
	}
	const before = openDescriptors();
	const caught: string[] = [];
	const onException = (error: unknown): void => void caught.push(String(error));
	process.on('uncaughtException', onException);
	try {
		const errors: number[] = [];
		const throwing = new Listener(driver, {
			...silent(),
			accept: (_listener, handle) => {
				handle.close();
				throw new Error('in accept');
			},
			error: (_listener, errno) => {
				errors.push(errno);
				throw new Error('in error');
			},
		});
		const broken = new Listener(driver, silent(), false, Broken);
		const fakes = [new FakeListening(), new FakeListening()];
		const [first, second] = fakes;
		if (first !== undefined) throwing.listenHost(first, 1);
		if (second !== undefined) broken.listenHost(second, 1);
		const ends: Promise<unknown>[] = [];
		for (const fake of fakes) {
			const { inner, far } = await hostConnection();
			ends.push(
				new Promise((resolve) =>
					far
						.on('error', () => {})
						.once('close', resolve)
						.resume(),
				),
			);
			// Nothing is thrown into the host's own code.
			fake.onconnection?.(0, inner);
		}
		first?.onconnection?.(E.CONNRESET, new FakeListening());
		await Promise.all(ends);
		await turnOfTheLoop();
		assert.equal(caught.sort(), ['Error: in accept', 'Error: in error', 'Error: no handle']);
		assert.equal(errors, [E.CONNRESET]);
		throwing.close();
		broken.close();
		await turnOfTheLoop();
	} finally {
		process.off('uncaughtException', onException);
	}
	assert.is(openDescriptors(), before);
});

hosts('what is closed, or has unfinished writes, goes to no socket of the host', async () => {
	const { client, gone } = await connectedPair();
	const options = { allowHalfOpen: false, writable: true };
	client.handle.write('x');
	assert.is(driver.toHostSocket(client.handle, options), E.BUSY);
	await client.until('written');
	await gone();
	assert.is(driver.toHostSocket(client.handle, options), E.BADF);
	assert.is(driver.toHostServer(new Listener(driver, silent())), E.BADF);
});

function silent(): ConstructorParameters<typeof Listener>[1] {
	return { listen() {}, accept() {}, error() {}, close() {} };
}

hosts.run();
