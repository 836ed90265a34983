/** The driver contract: what is asked of a handle before it is connected. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Recorded, RecordedListener, driver } from './support/handles.ts';
import { E, temporaryFolder } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const early = suite(`driver ${driver.name}: asked early`);

/** A port of 127.0.0.1 on which nobody listens. */
async function refusingPort(): Promise<number> {
	const server = await new RecordedListener().onTcp();
	const { port } = server;
	await server.gone();
	return port;
}

early('a half-close while it connects is sent when it is connected', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	client.handle.shutdown();
	assert.is(await client.until('shutdown'), 0);
	const peer = await server.next();
	await peer.until('end');
	assert.equal(client.names, ['connect', 'shutdown']);
	await client.gone();
	await server.gone();
});

early('an empty write while it connects is told, and so is the next one', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	client.handle.write('');
	assert.is(await client.until('written'), 0);
	assert.is(client.handle.outstanding, 0);
	client.handle.write('later');
	assert.is(await client.until('written', 2), 0);
	const peer = await server.next();
	await peer.until('data');
	assert.equal(client.names, ['connect', 'written', 'written']);
	assert.is(peer.text, 'later');
	await client.gone();
	await server.gone();
});

early('an empty write and a half-close while it connects: told in their order', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	client.handle.write('');
	client.handle.shutdown();
	await client.until('shutdown');
	assert.equal(client.told, [
		['connect', 0],
		['written', 0],
		['shutdown', 0],
	]);
	await client.gone();
	await server.gone();
});

for (const [what, chunk] of [
	['an empty write', ''],
	['a write', 'never sent'],
] as const) {
	early(`${what} and a half-close on a connect that fails are told that it failed`, async () => {
		const client = new Recorded();
		assert.is(driver.connectTcp(client.handle, '127.0.0.1', await refusingPort()), 0);
		client.handle.write(chunk);
		client.handle.shutdown();
		assert.is(await client.until('connect'), E.CONNREFUSED);
		assert.ok(Number(await client.until('written')) < 0);
		assert.ok(Number(await client.until('shutdown')) < 0);
		assert.is(client.handle.outstanding, 0);
		await client.gone();
		assert.equal([...client.names].sort(), ['close', 'connect', 'shutdown', 'written']);
	});
}

early('a handle that was asked to read, and fails to connect, tells no end', async () => {
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', await refusingPort());
	client.handle.resume();
	assert.is(await client.until('connect'), E.CONNREFUSED);
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	await client.gone();
	assert.equal(client.names, ['connect', 'close']);
});

early('a handle that was asked to read before it was opened reads', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	client.handle.resume();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	const peer = await server.next();
	peer.handle.write('hello');
	await client.until('data');
	assert.is(client.text, 'hello');
	await client.gone();
	await server.gone();
});

early('a handle that was asked to read before it was opened reads, also from a Unix socket', async () => {
	const folder = temporaryFolder();
	try {
		const server = await new RecordedListener().onPath(folder.path('socket'));
		const client = new Recorded();
		client.handle.resume();
		driver.connectPath(client.handle, folder.path('socket'));
		const peer = await server.next();
		peer.handle.write('hello');
		await client.until('data');
		assert.is(client.text, 'hello');
		await client.gone();
		await server.gone();
	} finally {
		folder.remove();
	}
});

early('a write before the handle is opened leaves nothing outstanding, and counts for nothing', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	client.handle.write('nobody will send this');
	assert.is(client.handle.outstanding, 0);
	assert.is(client.handle.unsent, 0);
	assert.is(client.handle.bytesWritten, 0);
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	await client.until('connect');
	client.handle.write('late');
	assert.is(await client.until('written'), 0);
	const peer = await server.next();
	await peer.until('data');
	assert.is(peer.text, 'late');
	await client.gone();
	await server.gone();
});

early('a half-close before the handle is opened does nothing, and the next one half-closes', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	client.handle.shutdown();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	await client.until('connect');
	client.handle.write('still open');
	await client.until('written');
	const peer = await server.next();
	await peer.until('data');
	assert.equal(client.names, ['connect', 'written']);
	client.handle.shutdown();
	client.handle.shutdown();
	assert.is(await client.until('shutdown'), 0);
	await peer.until('end');
	assert.equal(client.names, ['connect', 'written', 'shutdown']);
	await client.gone();
	await server.gone();
});

for (const what of ['an empty write', 'a half-close'] as const) {
	early(`after ${what} on a connect that failed the process ends`, async () => {
		const { code, stdout, stderr } = await runProgram('references', [`${what} on a connect that fails`]);
		assert.is(code, 0, stdout + stderr);
	});
}

early.run();
