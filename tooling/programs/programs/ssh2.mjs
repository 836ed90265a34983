/** ssh2, client and server: a key and a password, commands, 1 MB both ways, files, forwarding in both directions, refusals. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import ssh2 from 'ssh2';

const { Client, Server, utils } = ssh2;
// Not ed25519: of about 250 such keys that ssh2 1.17 makes, it cannot read one (a public key that begins with a zero loses it).
const hostKey = utils.generateKeyPairSync('ecdsa', { bits: 256 });
const userKey = utils.generateKeyPairSync('ecdsa', { bits: 256 });
const allowed = utils.parseKey(userKey.public);
const body = randomBytes(1_000_000);
const digest = (data) => createHash('sha256').update(data).digest('hex');
const { OPEN_MODE, STATUS_CODE } = utils.sftp;

const server = new Server({ hostKeys: [hostKey.private] }, serve);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const where = { host: '127.0.0.1', port: server.address().port, username: 'ada' };
const hashes = [];
const connect = async (options) => {
	const client = new Client();
	const ready = once(client, 'ready');
	client.connect({ ...where, hostHash: 'sha256', hostVerifier: (hash) => hashes.push(hash) > 0, ...options });
	await ready;
	return client.setNoDelay(true);
};

for (const secret of [{ privateKey: userKey.private }, { password: 'right' }]) {
	const client = await connect(secret);
	await commands(client);
	await files(client);
	await forwarding(client);
	client.end();
	await once(client, 'close');
}
assert.equal(new Set(hashes).size, 1);
await assert.rejects(connect({ password: 'wrong' }), { level: 'client-authentication' });

// Over a connection of the caller's.
const sock = net.connect(where.port, where.host);
const client = await connect({ password: 'right', sock });
assert.deepEqual(await run(client, 'who'), { code: 0, output: 'ada\n', errors: '' });
client.end();
await once(client, 'close');
server.close();
await once(server, 'close');
console.log("ok: commands, files, forwarding, the caller's connection, a refusal");

async function commands(client) {
	assert.deepEqual(await run(client, 'who'), { code: 0, output: 'ada\n', errors: '' });
	assert.deepEqual(await run(client, 'fail'), { code: 7, output: '', errors: 'no such command\n' });
	const many = await Promise.all(Array.from({ length: 8 }, () => run(client, 'who')));
	for (const { output } of many) assert.equal(output, 'ada\n');
	const stream = await called(client, 'exec', 'mirror');
	stream.end(body);
	assert.equal(digest(await buffer(stream)), digest(body));
}

function run(client, command) {
	return new Promise((resolve, reject) => {
		client.exec(command, async (error, stream) => {
			if (error) return reject(error);
			// What the server says may have come with its consent: no turn may pass before somebody listens.
			const exit = once(stream, 'exit');
			const [output, errors] = await Promise.all([text(stream), text(stream.stderr)]);
			resolve({ code: (await exit)[0], output, errors });
		});
	});
}

async function files(client) {
	const sftp = await called(client, 'sftp');
	const handle = await called(sftp, 'open', 'file', OPEN_MODE.WRITE | OPEN_MODE.CREAT);
	for (let at = 0; at < 100_000; at += 20_000) {
		const slice = Buffer.from(body.subarray(at, at + 20_000));
		await called(sftp, 'write', handle, slice, 0, slice.length, at);
	}
	await called(sftp, 'close', handle);
	assert.equal(digest(await called(sftp, 'readFile', 'file')), digest(body.subarray(0, 100_000)));
	await assert.rejects(called(sftp, 'open', 'none', 'r'), { code: STATUS_CODE.NO_SUCH_FILE });
	sftp.end();
}

async function forwarding(client) {
	const echo = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
	await once(echo, 'listening');
	const out = await called(client, 'forwardOut', '127.0.0.1', 0, '127.0.0.1', echo.address().port);
	out.end(body);
	assert.equal(digest(await buffer(out)), digest(body));
	echo.close();
	await once(echo, 'close');

	const port = await called(client, 'forwardIn', '127.0.0.1', 0);
	client.once('tcp connection', (info, accept) => {
		const stream = accept();
		stream.pipe(stream);
	});
	const socket = net.connect(port, '127.0.0.1');
	socket.end(body);
	assert.equal(digest(await buffer(socket)), digest(body));
	await called(client, 'unforwardIn', '127.0.0.1', port);
}

function called(target, method, ...args) {
	return new Promise((resolve, reject) => {
		target[method](...args, (error, result) => (error ? reject(error) : resolve(result)));
	});
}

// ── The server.

function serve(client) {
	client.setNoDelay(true);
	client.on('authentication', (context) => {
		if (context.method === 'password' && context.password === 'right') return context.accept();
		const known = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH());
		const signed = !context.signature || allowed.verify(context.blob, context.signature, context.hashAlgo);
		return known && signed === true ? context.accept() : context.reject(['password', 'publickey']);
	});
	// Who is refused leaves.
	client.on('error', () => {});
	client.on('session', (accept) => {
		const session = accept();
		session.on('exec', (acceptCommand, reject, { command }) => execute(acceptCommand(), command));
		session.on('sftp', (acceptFiles) => keepFiles(acceptFiles()));
	});
	client.on('tcpip', (accept, reject, { destIP, destPort }) => {
		const stream = accept();
		stream.pipe(net.connect({ port: destPort, host: destIP, allowHalfOpen: true })).pipe(stream);
	});
	forward(client);
}

function execute(stream, command) {
	if (command === 'mirror') {
		stream.on('end', () => stream.exit(0));
		return stream.pipe(stream);
	}
	if (command === 'who') stream.write('ada\n');
	else stream.stderr.write('no such command\n');
	stream.exit(command === 'who' ? 0 : 7);
	return stream.end();
}

/** One file in memory. */
function keepFiles(sftp) {
	let file = Buffer.alloc(0);
	const handle = Buffer.from('1');
	sftp.on('OPEN', (id, name) => {
		if (name === 'file') sftp.handle(id, handle);
		else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
	});
	sftp.on('WRITE', (id, _, offset, data) => {
		assert.equal(offset, file.length);
		file = Buffer.concat([file, data]);
		sftp.status(id, STATUS_CODE.OK);
	});
	sftp.on('READ', (id, _, offset, length) => {
		if (offset >= file.length) sftp.status(id, STATUS_CODE.EOF);
		else sftp.data(id, file.subarray(offset, offset + length));
	});
	sftp.on('FSTAT', (id) => sftp.attrs(id, { mode: 0o100600, size: file.length, uid: 0, gid: 0, atime: 0, mtime: 0 }));
	sftp.on('CLOSE', (id) => sftp.status(id, STATUS_CODE.OK));
}

/** Listens for the client, and passes on who comes. */
function forward(client) {
	const listeners = new Map();
	client.on('request', async (accept, reject, name, { bindAddr, bindPort }) => {
		if (name === 'cancel-tcpip-forward') {
			listeners.get(bindPort).close();
			return accept();
		}
		const listener = net.createServer({ allowHalfOpen: true }, (socket) => {
			const { remoteAddress, remotePort, localPort } = socket;
			client.forwardOut(bindAddr, localPort, remoteAddress, remotePort, (error, stream) => {
				if (error) socket.destroy(error);
				else socket.pipe(stream).pipe(socket);
			});
		});
		listener.listen(bindPort, bindAddr);
		await once(listener, 'listening');
		listeners.set(listener.address().port, listener);
		accept(listener.address().port);
	});
}
