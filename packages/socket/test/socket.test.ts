import { once } from 'node:events';
import { Duplex, Stream } from 'node:stream';
import { inherits, inspect } from 'node:util';

import { Socket, connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair, startPeer, textOf } from './support/peer.ts';

const socket = suite('Socket');

socket('is made with and without new, and is a Duplex', () => {
	for (const made of [new Socket(), Socket()]) {
		assert.instance(made, Socket);
		assert.instance(made, Duplex);
		assert.instance(made, Stream);
		assert.is(made.constructor.name, 'Socket');
	}
});

socket('initializes a this that was made elsewhere, by util.inherits', () => {
	function Old(this: Socket): void {
		Reflect.apply(Socket, this, [{ allowHalfOpen: true }]);
	}
	inherits(Old, Socket);
	const made: Socket = Reflect.construct(Old, []);
	assert.instance(made, Socket);
	assert.is(made.allowHalfOpen, true);
	assert.is(made.readyState, 'open');
});

socket('can be extended by a class', async () => {
	const server = await startPeer();
	class Loud extends Socket {
		shout(text: string): boolean {
			return this.write(text.toUpperCase());
		}
	}
	const loud = new Loud().connect(server.port, '127.0.0.1');
	assert.instance(loud, Loud);
	const peer = await server.accepted;
	loud.shout('hello');
	loud.end();
	assert.is(await textOf(peer), 'HELLO');
	await server.close();
});

socket('says before, during and after a connection what it is', async () => {
	const server = await startPeer();
	const made = new Socket();
	const seen = [[made.pending, made.connecting, made.readyState]];
	made.connect(server.port, '127.0.0.1');
	seen.push([made.pending, made.connecting, made.readyState]);
	await once(made, 'connect');
	seen.push([made.pending, made.connecting, made.readyState]);
	made.end();
	seen.push([made.pending, made.connecting, made.readyState]);
	const peer = await server.accepted;
	peer.resume();
	made.resume();
	await once(made, 'close');
	seen.push([made.pending, made.connecting, made.readyState]);
	assert.equal(seen, [
		[true, false, 'open'],
		[true, true, 'opening'],
		[false, false, 'open'],
		[false, false, 'readOnly'],
		[true, false, 'closed'],
	]);
	await server.close();
});

socket('knows both ends of a TCP connection, and neither of a Unix socket', async () => {
	const tcp = await connectedPair();
	assert.equal(tcp.socket.address(), { address: '127.0.0.1', family: 'IPv4', port: tcp.peer.remotePort });
	assert.is(tcp.socket.remotePort, tcp.peer.localPort);
	assert.is(tcp.socket.remoteAddress, '127.0.0.1');
	assert.is(tcp.socket.remoteFamily, 'IPv4');
	await tcp.done();
	assert.equal(tcp.socket.address(), {});

	const unix = await connectedPair({ unix: true });
	assert.equal(unix.socket.address(), {});
	assert.is(unix.socket.remoteAddress, undefined);
	await unix.done();
});

socket('has no native handle to be mistaken for one', async () => {
	const { socket: made, done } = await connectedPair();
	assert.is(made._handle, null);
	assert.is(made._parent, null);
	await done();
});

socket('refuses object mode and bad options', () => {
	assert.throws(() => Reflect.construct(Socket, [{ objectMode: true }]), code('ERR_INVALID_ARG_VALUE'));
	assert.throws(() => Reflect.construct(Socket, [{ keepAliveInitialDelay: '1' }]), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => new Socket({ typeOfService: 256 }), code('ERR_OUT_OF_RANGE'));
	assert.throws(() => Reflect.construct(Socket, [{ blockList: {} }]), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => Reflect.construct(Socket, [{ handle: {} }]), code('ERR_INVALID_ARG_TYPE'));
});

socket('can be inspected in any state', async () => {
	assert.match(inspect(new Socket()), /^<ref \*1> Socket \{/);
	const { socket: made, done } = await connectedPair();
	assert.match(inspect(made), /Socket/);
	await done();
});

socket('connects again after it was closed', async () => {
	const first = await startPeer();
	const made = connect(first.port, '127.0.0.1');
	await once(made, 'connect');
	made.destroy();
	await once(made, 'close');
	await first.close();

	const second = await startPeer();
	made.connect(second.port, '127.0.0.1');
	await once(made, 'connect');
	const peer = await second.accepted;
	made.end('again');
	assert.is(await textOf(peer), 'again');
	await second.close();
});

socket('resets a connection: the peer gets ECONNRESET', async () => {
	const { socket: made, peer, done } = await connectedPair();
	const reset = new Promise<unknown>((resolve) => peer.once('error', resolve));
	made.resetAndDestroy();
	assert.is(Object(await reset).code, 'ECONNRESET');
	await done().catch(() => {});
});

socket('cannot reset a Unix socket, nor what is not connected', async () => {
	const { socket: made, done } = await connectedPair({ unix: true });
	assert.throws(() => made.resetAndDestroy(), code('ERR_INVALID_HANDLE_TYPE'));
	await done();
	const fresh = new Socket();
	const error = new Promise<unknown>((resolve) => fresh.once('error', resolve));
	fresh.resetAndDestroy();
	assert.is(Object(await error).code, 'ERR_SOCKET_CLOSED');
});

function code(expected: string): (error: unknown) => boolean {
	return (error) => Object(error).code === expected;
}

socket.run();
