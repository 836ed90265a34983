/** mqtt clients of an aedes broker: the three qualities of service, 1 MB, retained and last messages, TCP and Unix sockets. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';

const folder = await mkdtemp(join(tmpdir(), 'mqtt-'));
const body = randomBytes(1_000_000);

const broker = await Aedes.createBroker({
	authenticate: (client, user, password, done) => done(null, user !== 'stranger'),
});
const byTcp = net.createServer(broker.handle).listen(0, '127.0.0.1');
await once(byTcp, 'listening');
const byPath = net.createServer(broker.handle).listen(join(folder, 'mqtt.sock'));
await once(byPath, 'listening');

const doors = {
	tcp: () => mqtt.connect(`mqtt://127.0.0.1:${byTcp.address().port}`, { reconnectPeriod: 0 }),
	path: () => mqtt.connect({ protocol: 'mqtt+unix', path: byPath.address(), reconnectPeriod: 0 }),
};
for (const [name, connect] of Object.entries(doors)) {
	const [listener, speaker] = await Promise.all([connect(), connect()].map(connected));
	for (const qos of [0, 1, 2]) {
		const topic = `${name}/${qos}`;
		await listener.subscribeAsync(topic, { qos });
		const received = receive(listener, topic, 100);
		await Promise.all(Array.from({ length: 100 }, (_, n) => speaker.publishAsync(topic, `${n}`, { qos })));
		assert.deepEqual(
			(await received).map(Number),
			Array.from({ length: 100 }, (_, n) => n),
		);
		await listener.unsubscribeAsync(topic);
	}
	await listener.subscribeAsync('large/#');
	const large = receive(listener, `large/${name}`, 1);
	await speaker.publishAsync(`large/${name}`, body, { qos: 1 });
	assert.ok((await large)[0].equals(body));
	await Promise.all([listener.endAsync(), speaker.endAsync()]);
}

const first = await connected(doors.tcp());
await first.publishAsync('kept', 'for those who come later', { retain: true, qos: 1 });
const late = await connected(doors.tcp());
const kept = receive(late, 'kept', 1);
await late.subscribeAsync(['kept', 'will']);
assert.equal(String((await kept)[0]), 'for those who come later');

const will = { topic: 'will', payload: 'I am gone', qos: 1 };
const dying = await connected(mqtt.connect(`mqtt://127.0.0.1:${byTcp.address().port}`, { will, reconnectPeriod: 0 }));
const last = receive(late, 'will', 1);
dying.stream.destroy();
assert.equal(String((await last)[0]), 'I am gone');

const stranger = mqtt.connect(`mqtt://127.0.0.1:${byTcp.address().port}`, { username: 'stranger', reconnectPeriod: 0 });
const [refusal] = await once(stranger, 'error');
assert.equal(refusal.code, 5);

await Promise.all([first, late, dying, stranger].map((client) => client.endAsync(true)));
const servers = [byTcp, byPath];
const closed = Promise.all(servers.map((server) => once(server, 'close')));
for (const server of servers) server.close();
await new Promise((resolve) => broker.close(resolve));
await closed;
await rm(folder, { recursive: true });
console.log('ok: 2 doors, 3 qualities, kept and last words, a stranger');

async function connected(client) {
	await once(client, 'connect');
	return client;
}

/** So many messages of a topic, in the order in which they come. */
function receive(client, topic, count) {
	return new Promise((resolve) => {
		const messages = [];
		const take = (from, message) => {
			if (from !== topic || messages.push(message) < count) return;
			client.off('message', take);
			resolve(messages);
		};
		client.on('message', take);
	});
}
