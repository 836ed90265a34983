/** AMQP 1.0 by rhea, both ends: credit and settlement of 200 messages, a large one, answers, a refusal, nobody there. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import rhea from 'rhea';

const messages = 200;
const body = 'x'.repeat(5000);
const large = randomBytes(2_000_000);

const broker = rhea.create_container({ id: 'broker' });
const listener = broker.listen({ port: 0, host: '127.0.0.1' });
await once(listener, 'listening');
const where = { host: '127.0.0.1', port: listener.address().port, reconnect: false };

let received = 0;
broker.on('message', ({ message, connection, delivery }) => {
	if (message.reply_to) answer(connection, message);
	else if (message.body === 'refuse') delivery.reject({ condition: 'amqp:not-allowed', description: 'not this one' });
	else received += message.body.length;
});

const connection = rhea.create_container({ id: 'client' }).connect(where);
await event(connection, 'connection_open');
await send();
await ask();
await refused();
const closed = event(connection, 'connection_close');
connection.close();
await closed;
listener.close();
await once(listener, 'close');
await nobody();
console.log(`ok: ${messages} messages, one of ${large.length} bytes`);

/** As many as there is credit for, until all are settled. */
async function send() {
	const sender = connection.open_sender('queue');
	let sent = 0;
	let settled = 0;
	sender.on('sendable', () => {
		while (sender.sendable() && sent < messages) sender.send({ message_id: sent++, body });
	});
	await new Promise((resolve) => {
		sender.on('accepted', () => {
			if (++settled === messages) resolve();
		});
	});
	assert.equal(received, messages * body.length);
	sender.close();
	await event(sender, 'sender_close');
}

/** A message whose answer comes to an address of the client's own. */
async function ask() {
	const receiver = connection.open_receiver({ source: { dynamic: false, address: 'answers' } });
	await event(receiver, 'receiver_open');
	const sender = connection.open_sender('questions');
	await event(sender, 'sendable');
	sender.send({ reply_to: 'answers', correlation_id: 7, body: rhea.message.data_section(large) });
	const { message } = await event(receiver, 'message');
	assert.equal(message.correlation_id, 7);
	assert.ok(large.equals(message.body.content));
}

function answer(connection, { reply_to, correlation_id, body }) {
	const sender = connection.find_sender(({ source }) => source.address === reply_to);
	sender.send({ correlation_id, body });
}

async function refused() {
	const sender = connection.open_sender('queue');
	await event(sender, 'sendable');
	sender.send({ body: 'refuse' });
	const { delivery } = await event(sender, 'rejected');
	assert.equal(delivery.remote_state.error.description, 'not this one');
}

async function nobody() {
	const { error } = await event(rhea.create_container().connect({ ...where, port: 1 }), 'disconnected');
	assert.equal(error.code, 'ECONNREFUSED');
}

/** What rhea tells the first listener that it finds from the link up to the container. */
function event(emitter, name) {
	return new Promise((resolve) => emitter.once(name, resolve));
}
