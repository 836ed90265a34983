/** grpc-js, client and server, which is HTTP/2: 100 calls at once, streams in each direction, 1 MB, a time limit, an error. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';

const folder = await mkdtemp(join(tmpdir(), 'grpc-'));
const body = randomBytes(1_000_000);
const method = (name, requestStream, responseStream) => ({
	path: `/test.Echo/${name}`,
	requestStream,
	responseStream,
	requestSerialize: (value) => value,
	requestDeserialize: (value) => value,
	responseSerialize: (value) => value,
	responseDeserialize: (value) => value,
});
const service = {
	echo: method('Echo', false, false),
	count: method('Count', false, true),
	sum: method('Sum', true, false),
	chat: method('Chat', true, true),
};

const server = new grpc.Server();
server.addService(service, {
	echo({ request, metadata }, answer) {
		if (String(request) === 'fail') answer({ code: grpc.status.FAILED_PRECONDITION, details: 'on purpose' });
		else if (String(request) !== 'wait') answer(null, request, metadata);
	},
	count(call) {
		for (let number = 0; number < Number(call.request); number++) call.write(Buffer.from(`${number}`));
		call.end();
	},
	sum(call, answer) {
		let sum = 0;
		call.on('data', (number) => (sum += Number(number)));
		call.on('end', () => answer(null, Buffer.from(`${sum}`)));
	},
	chat(call) {
		call.on('data', (words) => call.write(words)).on('end', () => call.end());
	},
});
const insecure = grpc.ServerCredentials.createInsecure();
const port = await called(server, 'bindAsync', '127.0.0.1:0', insecure);
await called(server, 'bindAsync', `unix:${join(folder, 'grpc.sock')}`, insecure);
const Client = grpc.makeGenericClientConstructor(service, 'Echo');
for (const target of [`127.0.0.1:${port}`, `unix:${join(folder, 'grpc.sock')}`]) await talk(target);
await called(server, 'tryShutdown');
await rm(folder, { recursive: true });
console.log('ok: over TCP and over a Unix socket');

async function talk(target) {
	const client = new Client(target, grpc.credentials.createInsecure());
	const words = Array.from({ length: 100 }, (_, n) => Buffer.from(`word ${n}`));
	const echoed = await Promise.all(words.map((word) => called(client, 'echo', word)));
	assert.deepEqual(echoed, words);
	assert.ok((await called(client, 'echo', body)).equals(body));

	const numbers = await read(client.count(Buffer.from('1000')));
	assert.deepEqual(
		numbers.map(Number),
		Array.from({ length: 1000 }, (_, n) => n),
	);
	const sum = await new Promise((resolve, reject) => {
		const call = client.sum((error, result) => (error ? reject(error) : resolve(result)));
		for (let number = 1; number <= 1000; number++) call.write(Buffer.from(`${number}`));
		call.end();
	});
	assert.equal(Number(sum), 500_500);
	const chat = client.chat();
	for (let start = 0; start < body.length; start += 10_000) chat.write(body.subarray(start, start + 10_000));
	chat.end();
	assert.ok(Buffer.concat(await read(chat)).equals(body));

	await assert.rejects(called(client, 'echo', Buffer.from('fail')), { code: grpc.status.FAILED_PRECONDITION });
	const late = called(client, 'echo', Buffer.from('wait'), new grpc.Metadata(), { deadline: Date.now() + 50 });
	await assert.rejects(late, { code: grpc.status.DEADLINE_EXCEEDED });
	client.close();
}

async function read(call) {
	const messages = [];
	for await (const message of call) messages.push(message);
	return messages;
}

function called(target, name, ...args) {
	return new Promise((resolve, reject) => {
		target[name](...args, (error, result) => (error ? reject(error) : resolve(result)));
	});
}
