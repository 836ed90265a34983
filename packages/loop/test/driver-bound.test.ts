/** The driver contract: what is bound before it listens or connects. */
import { existsSync } from 'node:fs';
import { REUSE_PORT } from '@net/loop';
import type { Listener } from '@net/loop';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Recorded, RecordedListener, driver } from './support/handles.ts';
import { E, temporaryFolder } from './support/machine.ts';

const bound = suite(`driver ${driver.name}: bound`);
const folder = temporaryFolder();
bound.after(() => folder.remove());

function portOf({ handle }: Recorded): number {
	const { local } = handle;
	return typeof local === 'object' ? local.port : 0;
}

bound('it has an address at once, and a peer only when it connects', async () => {
	const client = new Recorded();
	assert.is(driver.bindTcp(client.handle, '127.0.0.1', 0, 0), 0);
	const port = portOf(client);
	assert.ok(port > 0);
	assert.is(client.handle.remote, undefined);
	const server = await new RecordedListener().onTcp();
	assert.is(driver.connectTcp(client.handle, '127.0.0.1', server.port), 0);
	assert.is(await client.until('connect'), 0);
	const peer = await server.next();
	assert.equal(peer.handle.remote, { address: '127.0.0.1', family: 'IPv4', port });
	client.handle.resume();
	peer.handle.write('to what was bound');
	await client.until('data');
	assert.is(client.text, 'to what was bound');
	await client.gone();
	await server.gone();
});

bound('it becomes a listener, and its handle is of no use any more', async () => {
	const handle = new Recorded();
	assert.is(driver.bindTcp(handle.handle, '127.0.0.1', 0, 0), 0);
	const port = portOf(handle);
	const server = new RecordedListener();
	assert.is(await server.answer((listener) => driver.listenBound(listener, handle.handle, 511)), 0);
	assert.is(server.port, port);
	assert.is(handle.handle.local, undefined);
	assert.is(driver.listenBound(new RecordedListener().listener, handle.handle, 511), E.BADF);
	const client = new Recorded();
	assert.is(driver.connectTcp(client.handle, '127.0.0.1', port), 0);
	assert.is(await client.until('connect'), 0);
	const peer = await server.next();
	peer.handle.write('accepted');
	client.handle.resume();
	await client.until('data');
	await client.gone();
	await server.gone();
});

bound('a write is answered by EPIPE, a close by close', async () => {
	const client = new Recorded();
	assert.is(driver.bindTcp(client.handle, '127.0.0.1', 0, 0), 0);
	client.handle.write('to nobody');
	assert.is(await client.until('written'), E.PIPE);
	await client.gone();
	assert.equal(client.names.at(-1), 'close');
});

bound('an address of nobody here, and a port that somebody listens on', async () => {
	const server = await new RecordedListener().onTcp();
	const first = new Recorded();
	assert.is(driver.bindTcp(first.handle, '192.0.2.1', 0, 0), E.ADDRNOTAVAIL);
	const second = new Recorded();
	assert.is(driver.bindTcp(second.handle, '127.0.0.1', server.port, 0), E.ADDRINUSE);
	await first.gone();
	await second.gone();
	await server.gone();
});

bound('of two that are bound to one port one can listen', async () => {
	const [first, second] = [new Recorded(), new Recorded()];
	assert.is(driver.bindTcp(first.handle, '127.0.0.1', 0, 0), 0);
	const errno = driver.bindTcp(second.handle, '127.0.0.1', portOf(first), 0);
	assert.is(errno, 0);
	const listen = (to: Recorded) => (listener: Listener) => driver.listenBound(listener, to.handle, 511);
	const server = new RecordedListener();
	assert.is(await server.answer(listen(first)), 0);
	const late = new RecordedListener();
	assert.is(await late.answer(listen(second)), E.ADDRINUSE);
	await second.gone();
	await server.gone();
});

bound('REUSE_PORT lets two listen on one port, or is refused', async () => {
	const [first, second] = [new Recorded(), new Recorded()];
	const errno = driver.bindTcp(first.handle, '127.0.0.1', 0, REUSE_PORT);
	if (errno === E.NOTSUP) return first.gone();
	assert.is(errno, 0);
	assert.is(driver.bindTcp(second.handle, '127.0.0.1', portOf(first), REUSE_PORT), 0);
	const servers = [new RecordedListener(), new RecordedListener()] as const;
	assert.is(await servers[0].answer((listener) => driver.listenBound(listener, first.handle, 511)), 0);
	assert.is(await servers[1].answer((listener) => driver.listenBound(listener, second.handle, 511)), 0);
	for (const server of servers) await server.gone();
});

bound('a path: its file goes with the handle, or with the listener', async () => {
	const path = folder.path('bound');
	const first = new Recorded();
	assert.is(driver.bindPath(first.handle, path), 0);
	assert.is(first.handle.local, path);
	assert.ok(existsSync(path));
	assert.is(driver.bindPath(new Recorded().handle, path), E.ADDRINUSE);
	assert.is(driver.bindPath(new Recorded().handle, folder.path('x'.repeat(200))), E.INVAL);
	await first.gone();
	assert.not(existsSync(path));

	const second = new Recorded();
	assert.is(driver.bindPath(second.handle, path), 0);
	const server = new RecordedListener();
	assert.is(driver.listenBound(server.listener, second.handle, 511), 0);
	const client = new Recorded();
	assert.is(driver.connectPath(client.handle, path), 0);
	assert.is(await client.until('connect'), 0);
	await server.next();
	await client.gone();
	await server.gone();
	assert.not(existsSync(path));
});

bound('a path that a client has is the one that the server sees', async () => {
	const server = await new RecordedListener().onPath(folder.path('server'));
	const client = new Recorded();
	const path = folder.path('client');
	assert.is(driver.bindPath(client.handle, path), 0);
	const errno = driver.connectPath(client.handle, folder.path('server'));
	if (driver.name === 'portable') assert.is(errno, E.NOTSUP);
	else {
		assert.is(await client.until('connect'), 0);
		assert.is(client.handle.local, path);
		await server.next();
	}
	await client.gone();
	assert.not(existsSync(path));
	await server.gone();
});

bound.run();
