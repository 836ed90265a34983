/** The driver contract: opening by address, path and descriptor, on the driver that NET_LOOP_DRIVER names. */
import { skip } from '@tooling/test';
import { existsSync, openSync, closeSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Handle, IPV6_ONLY, READABLE_ALL, WRITABLE_ALL } from '@net/loop';
import { Recorded, RecordedListener, connected, connectedPair, driver, portOf } from './support/handles.ts';
import { E, hasIPv6, onLinux, temporaryFolder } from './support/machine.ts';
import { within } from './support/waiter.ts';

const opening = suite(`driver ${driver.name}: opening`);
const folder = temporaryFolder();
opening.after(() => folder.remove());

opening('the driver is the one that the environment names', () => {
	const forced = process.env['NET_LOOP_DRIVER'];
	if (!forced) skip('NET_LOOP_DRIVER is not set');
	assert.is(driver.name, forced);
});

opening('IPv4: both ends know both addresses', async () => {
	const { client, peer, gone } = await connectedPair();
	const local = client.handle.local;
	assert.equal(local, { address: '127.0.0.1', family: 'IPv4', port: portOf(local) });
	assert.equal(peer.handle.remote, local);
	assert.equal(client.handle.remote, peer.handle.local);
	await gone();
	assert.is(client.handle.local, undefined);
	assert.is(client.handle.remote, undefined);
});

opening('IPv6: both ends know both addresses', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const server = await new RecordedListener().onTcp('::1');
	assert.equal(server.listener.local, { address: '::1', family: 'IPv6', port: server.port });
	const client = new Recorded();
	assert.is(driver.connectTcp(client.handle, '::1', server.port), 0);
	assert.is(await client.until('connect'), 0);
	const peer = await server.next();
	assert.equal(peer.handle.remote, client.handle.local);
	assert.equal(client.handle.remote, { address: '::1', family: 'IPv6', port: server.port });
	await client.gone();
	await server.gone();
});

opening('without an address it listens at once, for IPv6 and IPv4', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const server = new RecordedListener();
	assert.is(driver.listenTcp(server.listener, undefined, 0, 511, 0), 0);
	assert.equal(server.listener.local, { address: '::', family: 'IPv6', port: server.port });
	for (const address of ['127.0.0.1', '::1']) {
		const client = new Recorded();
		driver.connectTcp(client.handle, address, server.port);
		assert.is(await client.until('connect'), 0, address);
		await client.gone();
	}
	assert.equal(server.remotes, ['::ffff:127.0.0.1', '::1']);
	await server.gone();
});

opening('IPV6_ONLY leaves the IPv4 port to others', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const server = await new RecordedListener().onTcp('::', IPV6_ONLY);
	const client = new Recorded();
	// On 127.0.0.1 somebody else may well listen on that port, now that others can.
	driver.connectTcp(client.handle, '127.0.0.9', server.port);
	assert.is(await client.until('connect'), E.CONNREFUSED);
	await client.gone();
	await server.gone();
});

opening('a port in use: EADDRINUSE, and the listener can be closed', async () => {
	const first = await new RecordedListener().onTcp();
	const second = new RecordedListener();
	const { port } = first;
	const errno = await second.answer((listener) => driver.listenTcp(listener, '127.0.0.1', port, 511, 0));
	assert.is(errno, E.ADDRINUSE);
	assert.is(second.listener.local, undefined);
	await second.gone();
	await first.gone();
});

opening('an address of nobody here: EADDRNOTAVAIL', async () => {
	const server = new RecordedListener();
	const errno = await server.answer((listener) => driver.listenTcp(listener, '192.0.2.1', 0, 511, 0));
	assert.is(errno, E.ADDRNOTAVAIL);
	await server.gone();
});

opening('nobody listens: ECONNREFUSED, then close', async () => {
	const server = await new RecordedListener().onTcp();
	const { port } = server;
	await server.gone();
	const client = new Recorded();
	assert.is(driver.connectTcp(client.handle, '127.0.0.1', port), 0);
	assert.is(await client.until('connect'), E.CONNREFUSED);
	await client.gone();
	assert.equal(client.names, ['connect', 'close']);
});

opening('a bound local end is the one that the peer sees', async () => {
	const server = await new RecordedListener().onTcp();
	const free = await new RecordedListener().onTcp('127.0.0.2');
	const { port } = free;
	await free.gone();
	const client = new Recorded();
	assert.is(driver.bindTcp(client.handle, '127.0.0.2', port, 0), 0);
	assert.is(driver.connectTcp(client.handle, '127.0.0.1', server.port), 0);
	assert.is(await client.until('connect'), 0);
	assert.equal((await server.next()).handle.remote, { address: '127.0.0.2', family: 'IPv4', port });
	await client.gone();
	await server.gone();
});

for (const [what, address, errno] of [
	['a local port in use', '127.0.0.1', E.ADDRINUSE],
	['a local address of nobody here', '192.0.2.1', E.ADDRNOTAVAIL],
] as const) {
	opening(`${what} fails bindTcp, connectTcp or completeConnect`, async () => {
		const server = await new RecordedListener().onTcp();
		const client = new Recorded();
		let answer = driver.bindTcp(client.handle, address, errno === E.ADDRINUSE ? server.port : 0, 0);
		if (answer === 0) answer = driver.connectTcp(client.handle, '127.0.0.1', server.port);
		if (answer === 0) answer = Number(await client.until('connect'));
		assert.is(answer, errno);
		await client.gone();
		assert.is(server.accepted.length, 0);
		await server.gone();
	});
}

opening('Unix sockets: path, mode, and the file is removed at close', async () => {
	const path = folder.path('echo');
	const server = new RecordedListener();
	const flags = READABLE_ALL + WRITABLE_ALL;
	assert.is(await server.answer((listener) => driver.listenPath(listener, path, 511, flags)), 0);
	assert.is(server.listener.local, path);
	assert.is(statSync(path).mode & 0o666, 0o666);
	const client = new Recorded();
	assert.is(driver.connectPath(client.handle, path), 0);
	assert.is(await client.until('connect'), 0);
	assert.is(client.handle.remote, path);
	assert.is(client.handle.local, '');
	const peer = await server.next();
	assert.is(peer.handle.local, path);
	assert.is(peer.handle.remote, '');
	client.handle.write('over a path');
	await peer.until('data');
	assert.is(peer.text, 'over a path');
	await client.gone();
	await server.gone();
	assert.not.ok(existsSync(path));
});

opening('abstract Unix sockets have no file', async () => {
	if (!onLinux) skip('abstract sockets are of Linux');
	const path = `\0net-loop-${process.pid}-${driver.name}`;
	const server = await new RecordedListener().onPath(path);
	assert.is(server.listener.local, path);
	const client = new Recorded();
	driver.connectPath(client.handle, path);
	assert.is(await client.until('connect'), 0);
	client.handle.write('abstract');
	const peer = await server.next();
	await peer.until('data');
	assert.is(peer.text, 'abstract');
	await client.gone();
	await server.gone();
});

opening('paths that fail: none there, no socket, in use, too long', async () => {
	const file = folder.path('file');
	writeFileSync(file, '');
	for (const [path, errno] of [
		[folder.path('none'), E.NOENT],
		[file, E.CONNREFUSED],
		[folder.path('x'.repeat(200)), E.INVAL],
	] as const) {
		const client = new Recorded();
		const answer = driver.connectPath(client.handle, path) || (await client.until('connect'));
		assert.is(answer, errno, path);
		await client.gone();
	}
	for (const [path, errno] of [
		[file, E.ADDRINUSE],
		[folder.path('x'.repeat(200)), E.INVAL],
	] as const) {
		const server = new RecordedListener();
		assert.is(await server.answer((listener) => driver.listenPath(listener, path, 511, 0)), errno, path);
		await server.gone();
		assert.is(existsSync(file), true);
	}
});

opening('a descriptor that is none: EBADF; one of a file: EINVAL', () => {
	assert.is(driver.adopt(new Handle(driver), 9999), E.BADF);
	const fd = openSync(process.execPath, 'r');
	assert.is(driver.adopt(new Handle(driver), fd), E.INVAL);
	closeSync(fd);
});

opening('a listening descriptor that is none is refused', async () => {
	const server = new RecordedListener();
	const errno = await server.answer((listener) => driver.listenFd(listener, 9999, 511));
	assert.ok(errno === E.INVAL || errno === E.BADF, `errno ${errno}`);
	await server.gone();
});

opening('node:net can talk to it, as a client and as a server', async () => {
	const server = await new RecordedListener({ data: (handle, chunk) => void handle.write(chunk) }).onTcp();
	const foreign = createConnection(server.port, '127.0.0.1');
	foreign.end('from outside');
	let back = '';
	foreign.on('data', (chunk) => (back += chunk));
	await (await server.next()).until('end');
	server.accepted[0]?.handle.close();
	await within(new Promise((resolve) => foreign.on('close', resolve)), 'close');
	assert.is(back, 'from outside');
	await server.gone();

	const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
	await within(new Promise((resolve) => echo.on('listening', resolve)), 'listening');
	const address = echo.address();
	if (typeof address !== 'object' || address === null) throw new Error('no address');
	const client = await connected(address.port);
	client.handle.write('to outside');
	client.handle.shutdown();
	await client.until('end');
	assert.is(client.text, 'to outside');
	await client.gone();
	echo.close();
});

opening('facts and settings of a handle that is not open: undefined, -1, EBADF', () => {
	const handle = new Handle(driver);
	assert.is(handle.local, undefined);
	assert.is(handle.remote, undefined);
	assert.is(handle.fd, -1);
	assert.is(driver.setNoDelay(handle, true), E.BADF);
	assert.is(driver.setKeepAlive(handle, true, 1, 0, 0), E.BADF);
	assert.is(driver.setTypeOfService(handle, 0), E.BADF);
	assert.is(driver.typeOfService(handle), E.BADF);
});

opening('settings of an open handle are taken', async () => {
	const { client, gone } = await connectedPair();
	assert.is(driver.setNoDelay(client.handle, true), 0);
	assert.is(driver.setNoDelay(client.handle, false), 0);
	assert.is(driver.setKeepAlive(client.handle, true, 5, 2, 3), 0);
	assert.is(driver.setKeepAlive(client.handle, false, 0, 0, 0), 0);
	const errno = driver.setTypeOfService(client.handle, 0x10);
	if (errno === 0) assert.is(driver.typeOfService(client.handle), 0x10);
	else assert.equal([driver.name, errno], ['portable', E.NOSYS]);
	await gone();
});

opening('a handle that was never opened closes as well', async () => {
	const unopened = new Recorded();
	await unopened.gone();
	assert.equal(unopened.names, ['close']);
	const server = new RecordedListener();
	await server.gone();
});

opening.run();
