/** nodemailer and smtp-server: plain, STARTTLS with a password, TLS from the start, a pool, an attachment of 1 MB, refusals. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';

const folder = new URL('certificate/', import.meta.url);
const key = await readFile(new URL('key.pem', folder));
const cert = await readFile(new URL('certificate.pem', folder));
const attachment = randomBytes(1_000_000);
const digest = (data) => createHash('sha256').update(data).digest('hex');

const letter = {
	from: 'Ada <ada@example.org>',
	to: ['bob@example.org', 'eve@example.org'],
	subject: 'Grüße',
	text: '.\n..\nend\n',
	attachments: [{ filename: 'data.bin', content: attachment }],
};

for (const [name, { server, client }] of Object.entries({
	plain: { server: { disabledCommands: ['STARTTLS'], authOptional: true }, client: { ignoreTLS: true } },
	starttls: { server: {}, client: { requireTLS: true, auth: { user: 'ada', pass: 'right' } } },
	tls: { server: { secure: true }, client: { secure: true, auth: { user: 'ada', pass: 'right' } } },
})) {
	await correspond(name, server, client);
}
console.log('ok: plain, STARTTLS, TLS');

async function correspond(name, serverOptions, clientOptions) {
	const received = [];
	const server = new SMTPServer({
		key,
		cert,
		// It would ask this machine's DNS for the name of each client, and wait for it.
		disableReverseLookup: true,
		...serverOptions,
		onAuth: ({ username, password }, session, done) =>
			password === 'right' ? done(null, { user: username }) : done(new Error('wrong password')),
		onRcptTo: ({ address }, session, done) => (address.startsWith('eve') ? done(new Error('not here')) : done()),
		onData: async (stream, { secure, user, envelope }, done) => {
			received.push({ secure, user, to: envelope.rcptTo.map(({ address }) => address), data: await text(stream) });
			done(null, 'taken');
		},
	});
	server.listen(0, '127.0.0.1');
	await once(server.server, 'listening');
	const where = { host: '127.0.0.1', port: server.server.address().port, tls: { ca: cert } };

	const transport = nodemailer.createTransport({ ...where, ...clientOptions });
	assert.equal(await transport.verify(), true);
	const { accepted, rejected, response } = await transport.sendMail(letter);
	assert.deepEqual([accepted, rejected], [['bob@example.org'], ['eve@example.org']]);
	assert.match(response, /^250.*taken$/);
	const [{ secure, user, to, data }] = received;
	assert.deepEqual([secure, user, to], [name !== 'plain', name === 'plain' ? undefined : 'ada', ['bob@example.org']]);
	assert.match(data, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m);
	const [, encoded] = /filename=data\.bin\r\n\r\n(.*?)\r\n---/s.exec(data) ?? [];
	assert.equal(digest(Buffer.from(encoded, 'base64')), digest(attachment));
	await assert.rejects(transport.sendMail({ ...letter, to: 'eve@example.org' }), {
		code: 'EENVELOPE',
		responseCode: 550,
	});
	transport.close();

	const pool = nodemailer.createTransport({ ...where, ...clientOptions, pool: true, maxConnections: 3 });
	const letters = Array.from({ length: 20 }, (_, n) => ({ ...letter, attachments: [], to: `bob${n}@example.org` }));
	await Promise.all(letters.map((each) => pool.sendMail(each)));
	assert.equal(received.length, 21);
	pool.close();

	if (name !== 'plain') {
		const forger = nodemailer.createTransport({ ...where, ...clientOptions, auth: { user: 'ada', pass: 'wrong' } });
		server.once('error', () => {});
		await assert.rejects(forger.verify(), { code: 'EAUTH', responseCode: 535 });
	}
	await new Promise((resolve) => server.close(resolve));
}
