/** TLS over our sockets. Keys are shared in advance, so that no certificate is needed. */
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { ConnectionOptions, TLSSocket, Server, TlsOptions } from 'node:tls';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

const key = Buffer.from('a key that both ends know');
const common: TlsOptions & ConnectionOptions = { ciphers: 'PSK', maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' };

function secureServer(listener: (socket: TLSSocket) => void): Server {
	const options: TlsOptions = { ...common, pskCallback: (_socket, identity) => (identity === 'me' ? key : null) };
	return createServer(options, listener);
}

function secure(socket: Socket): TLSSocket {
	return connect({
		...common,
		socket,
		pskCallback: () => ({ psk: key, identity: 'me' }),
		checkServerIdentity: () => undefined,
	});
}

/** A server of ours below a TLS server, and a client of ours that is not secured yet. */
async function open(
	net: Net,
	recorder: Recorder,
	listener: (socket: TLSSocket) => void,
): Promise<{ client: Socket; server: Server }> {
	const above = secureServer(listener);
	above.on('tlsClientError', (error) => recorder.lane('server').log('tlsClientError', Reflect.get(error, 'code')));
	const server = await recorder.serve(net, (socket) => above.emit('connection', socket));
	return { client: recorder.own(net.connect(server.port, '127.0.0.1')), server: above };
}

scenario('a handshake and an echo, on a socket that is still connecting', async (net, recorder) => {
	const { client } = await open(net, recorder, (socket) => socket.pipe(socket));
	const tls = secure(client);
	recorder.log('connecting', client.connecting, tls.connecting);
	tls.on('secureConnect', () => recorder.lane('client').log('secureConnect', tls.getProtocol(), tls.encrypted));
	tls.write('secret ');
	tls.end('echo');
	recorder.lane('client').log('text', await recorder.text(tls));
});

scenario('on a socket that is connected', async (net, recorder) => {
	const { client } = await open(net, recorder, (socket) => socket.end('hello'));
	await recorder.once(client, 'connect');
	const tls = secure(client);
	recorder.log('text', await recorder.text(tls));
	recorder.log('remote', tls.remoteAddress, tls.remoteFamily);
});

scenario('events of both layers at the end', async (net, recorder) => {
	const { client } = await open(net, recorder, (socket) => {
		recorder.lane('secure peer').events(socket, ['end', 'finish', 'close', 'error']);
		socket.resume();
	});
	const tls = secure(client);
	recorder.lane('secure client').events(tls, ['secureConnect', 'end', 'finish', 'close', 'error']);
	tls.resume();
	await recorder.once(tls, 'secureConnect');
	const closed = [recorder.once(tls, 'close'), recorder.once(client, 'close')];
	tls.end('bye');
	await Promise.all(closed);
	recorder.log('destroyed', client.destroyed, tls.destroyed);
});

scenario('half a megabyte each way', async (net, recorder) => {
	const { client } = await open(net, recorder, (socket) => socket.pipe(socket));
	const tls = secure(client);
	const sent = Buffer.alloc(500_000, 'tls ');
	const received = recorder.received(tls, sent.length);
	tls.write(sent);
	recorder.log('equal', (await received).equals(sent));
	tls.end();
	await recorder.once(tls, 'close');
});

scenario('an identity that the server does not know', async (net, recorder) => {
	const { client } = await open(net, recorder, () => recorder.log('connected'));
	const tls = connect({ ...common, socket: client, pskCallback: () => ({ psk: key, identity: 'you' }) });
	tls.on('error', (error) => recorder.lane('client').log('error', error instanceof Error));
	await recorder.once(tls, 'close');
	recorder.lane('client').log('destroyed', client.destroyed);
});

scenario('a client that speaks no TLS', async (net, recorder) => {
	const { client, server } = await open(net, recorder, () => recorder.log('connected'));
	const failed = recorder.once(server, 'tlsClientError');
	client.on('error', () => {});
	client.resume();
	client.write('GET / HTTP/1.1\r\n\r\n');
	await failed;
	await recorder.once(client, 'close');
});

scenario('the socket below is destroyed in the middle', async (net, recorder) => {
	const { client } = await open(net, recorder, (socket) => {
		socket.on('error', () => {});
		socket.write('first');
	});
	const tls = secure(client);
	recorder.lane('client').events(tls, ['end', 'close']);
	tls.on('error', () => {});
	await recorder.once(tls, 'data');
	const closed = recorder.once(tls, 'close');
	client.destroy();
	await closed;
	recorder.lane('client').log('destroyed', tls.destroyed);
});
