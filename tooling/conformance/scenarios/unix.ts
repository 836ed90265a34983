/** Unix domain sockets: paths in the file system and in Linux' abstract space. */
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { serverEvents, socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('addresses of both ends', async (net, recorder) => {
	const { server, client, peer, closed } = await recorder.pair(net, { unix: true });
	recorder.log('server', server.address());
	for (const [name, socket] of [
		['client', client],
		['peer', peer],
	] as const) {
		recorder.log(`${name} address()`, socket.address());
		recorder.log(`${name} remote`, socket.remoteAddress, socket.remoteFamily, socket.remotePort);
		recorder.log(`${name} local`, socket.localAddress, socket.localFamily, socket.localPort);
		recorder.log(`${name} state`, recorder.state(socket));
	}
	client.destroy();
	peer.resume();
	await closed();
});

scenario('a path and an abstract name of 108 bytes, the longest that there are', async (net, recorder) => {
	const folder = recorder.path('');
	for (const start of [folder, `\0${process.pid}`]) {
		const path = start.padEnd(108, 'x');
		recorder.alias(path, start === folder ? 'longest path' : 'longest name');
		const server = recorder.own(net.createServer((peer) => recorder.own(peer).end('hello')));
		recorder.events(server, ['listening', 'error', 'close']);
		server.listen(path);
		const [error] = await Promise.race([recorder.once(server, 'listening'), recorder.once(server, 'error')]);
		if (error !== undefined) continue;
		recorder.log('listens', server.address(), start !== folder || existsSync(path));
		const client = recorder.own(net.connect(path));
		recorder.events(client, ['connect', 'error', 'close']);
		recorder.log('text', await recorder.text(client));
		server.close();
		await recorder.once(server, 'close');
		recorder.log('left', start === folder && existsSync(path));
	}
});

scenario('close unlinks the path', async (net, recorder) => {
	const path = recorder.path('gone.sock');
	const server = await recorder.serve(net, undefined, { listen: { path } });
	recorder.log('listening', existsSync(path), statSync(path).isSocket());
	const closed = recorder.once(server, 'close');
	server.close();
	recorder.log('closing', existsSync(path));
	await closed;
	recorder.log('closed', existsSync(path));
});

scenario('close does not unlink while connections are open: it does', async (net, recorder) => {
	const { server, client, peer, closed } = await recorder.pair(net, { unix: true });
	const path = recorder.path('pair.sock');
	server.close();
	recorder.log('path is there', existsSync(path));
	client.write('still works');
	recorder.log('data', await recorder.received(peer, 11));
	client.destroy();
	await closed();
});

scenario('a path in use', async (net, recorder) => {
	const path = recorder.path('used.sock');
	await recorder.serve(net, undefined, { listen: { path } });
	const second = recorder.own(net.createServer());
	recorder.events(second, serverEvents);
	second.listen(path);
	await recorder.once(second, 'error');
	recorder.log('still there', existsSync(path));
});

scenario('a stale path of a server that is gone', async (net, recorder) => {
	const path = recorder.path('stale.sock');
	// A socket that nobody listens on any more: bound by a process that was killed.
	const { spawnSync } = await import('node:child_process');
	const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
	spawnSync(process.execPath, ['-e', program]);
	recorder.log('stale', existsSync(path));
	const client = recorder.own(net.connect(path));
	recorder.events(client, ['error', 'close'], 'client');
	await recorder.once(client, 'close');
	const server = recorder.own(net.createServer());
	recorder.events(server, serverEvents, 'server');
	server.listen(path);
	await recorder.once(server, 'error');
	unlinkSync(path);
	server.listen(path);
	await recorder.once(server, 'listening');
});

scenario('a path that is a file', async (net, recorder) => {
	const path = recorder.path('file');
	writeFileSync(path, 'content');
	const server = recorder.own(net.createServer());
	recorder.events(server, serverEvents);
	server.listen(path);
	await recorder.once(server, 'error');
	recorder.log('untouched', statSync(path).isFile());
});

scenario('a path in a folder that does not exist', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	recorder.events(server, serverEvents);
	server.listen(recorder.path('no/such/folder.sock'));
	await recorder.once(server, 'error');
});

scenario('modes: default, readableAll, writableAll', async (net, recorder) => {
	const previous = process.umask(0o077);
	try {
		const forms = [{}, { readableAll: true }, { writableAll: true }, { readableAll: true, writableAll: true }];
		for (const [i, form] of forms.entries()) {
			const path = recorder.path(`mode${i}.sock`);
			const server = await recorder.serve(net, undefined, { listen: { path, ...form } });
			recorder.log(recorder.names.show(form), (statSync(path).mode & 0o777).toString(8));
			const closed = recorder.once(server, 'close');
			server.close();
			await closed;
		}
	} finally {
		process.umask(previous);
	}
});

scenario('a path through a symbolic link', async (net, recorder) => {
	const path = recorder.path('target.sock');
	await recorder.serve(net, (socket) => socket.end('linked'), { listen: { path } });
	symlinkSync(path, recorder.path('link.sock'));
	const client = recorder.own(net.connect(recorder.path('link.sock')));
	recorder.log('text', await recorder.text(client));
	recorder.log('link', lstatSync(recorder.path('link.sock')).isSymbolicLink());
});

scenario('the path was unlinked by somebody else: close is no error', async (net, recorder) => {
	const path = recorder.path('unlinked.sock');
	const server = await recorder.serve(net, undefined, { listen: { path } });
	recorder.events(server, ['error', 'close']);
	unlinkSync(path);
	const closed = recorder.once(server, 'close');
	server.close((...values) => recorder.log('callback', ...values));
	await closed;
});

scenario('a folder that may not be written', async (net, recorder) => {
	const folder = recorder.path('closed');
	mkdirSync(folder);
	chmodSync(folder, 0o500);
	const server = recorder.own(net.createServer());
	server.listen(`${folder}/a.sock`);
	const [first] = await Promise.race([recorder.once(server, 'error'), recorder.once(server, 'listening')]);
	// Root may write everywhere.
	recorder.log('refused', first instanceof Error ? Reflect.get(first, 'code') : 'no');
	chmodSync(folder, 0o700);
});

scenario('an abstract socket', async (net, recorder) => {
	const path = `\0net-conformance-${process.pid}`;
	recorder.alias(path.slice(1), 'abstract');
	const server = await recorder.serve(net, (socket) => socket.end('abstract'), { listen: { path } });
	recorder.log('address', server.address());
	const client = recorder.own(net.connect(path));
	recorder.lane('client').events(client, ['connect', 'error', 'close']);
	recorder.log('text', await recorder.text(client));
	const second = recorder.own(net.createServer());
	second.listen(path);
	const [error] = await recorder.once(second, 'error');
	recorder.log('in use', error instanceof Error ? Reflect.get(error, 'code') : error);
});

scenario('an abstract socket has no mode: readableAll and writableAll throw', (net, recorder) => {
	const path = '\0net-conformance';
	for (const options of [{ readableAll: true }, { writableAll: true, backlog: 5 }]) {
		recorder.call(recorder.own(net.createServer()), 'listen', { path, ...options });
	}
});

scenario('an empty path', async (net, recorder) => {
	recorder.attempt('listen', () => {
		const server = recorder.own(net.createServer());
		recorder.events(server, serverEvents, 'server');
		return server.listen({ path: '' }) === server;
	});
	// As if there were no path at all: the name of the default host, and no port.
	const client = recorder.own(net.connect({ path: '' }));
	recorder.lane('client').events(client, ['error', 'close']);
	await recorder.once(client, 'close');
});

scenario('a path with a NUL in the middle', async (net, recorder) => {
	const path = `${recorder.path('half')}\0other`;
	recorder.attempt('listen', () => {
		const server = recorder.own(net.createServer());
		recorder.lane('server').events(server, ['error', 'listening']);
		return server.listen(path) === server;
	});
	recorder.attempt('connect', () => {
		const client = recorder.own(net.connect(path));
		recorder.lane('client').events(client, ['error', 'close', 'connect']);
		return client instanceof net.Socket;
	});
	await recorder.rounds(4);
});

scenario('end, half-open and close work as on TCP', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true });
	recorder.lane('client').events(client, socketEvents);
	recorder.lane('peer').events(peer, socketEvents);
	const text = recorder.text(peer);
	client.resume();
	client.end('over IPC', () => recorder.lane('client').log('callback'));
	recorder.log('text', await text);
	await closed();
});

scenario('ref and unref of a Unix server', async (net, recorder) => {
	const server = await recorder.serve(net, undefined, { listen: { path: recorder.path('ref.sock') } });
	recorder.log('returns itself', server.unref() === server, server.ref() === server);
});
