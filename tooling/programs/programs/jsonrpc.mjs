/** vscode-jsonrpc, as language servers speak it: TCP and a Unix socket, requests both ways, 1 MB, what nobody knows, the end. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	ErrorCodes,
	createClientPipeTransport,
	createClientSocketTransport,
	createMessageConnection,
	createServerPipeTransport,
	createServerSocketTransport,
} from 'vscode-jsonrpc/node';

const large = randomBytes(500_000).toString('hex');
const path = join(tmpdir(), `jsonrpc-${process.pid}.sock`);

// A transport stops listening when the one that it waits for is there.
const pipe = await createClientPipeTransport(path);
await talk(pipe, createServerPipeTransport(path));
const tcp = await createClientSocketTransport(0);
await talk(tcp, createServerSocketTransport(tcp.port()));
await assert.rejects(createClientPipeTransport(join(path, 'nowhere')), { syscall: 'listen' });
console.log('ok: over a Unix socket and over TCP');

async function talk(transport, server) {
	const editor = createMessageConnection(...(await transport.onConnected()));
	const language = createMessageConnection(...server);
	language.onRequest('length', (text) => text.length);
	language.onRequest('ask back', () => language.sendRequest('name'));
	editor.onRequest('name', () => 'the editor');
	const noted = new Promise((resolve) => editor.onNotification('note', resolve));
	editor.listen();
	language.listen();

	const lengths = Array.from({ length: 200 }, (_, n) => editor.sendRequest('length', 'ä'.repeat(n)));
	for (const [n, length] of (await Promise.all(lengths)).entries()) assert.equal(length, n);
	assert.equal(await editor.sendRequest('length', large), large.length);
	assert.equal(await editor.sendRequest('ask back'), 'the editor');
	await language.sendNotification('note', 'well');
	assert.equal(await noted, 'well');
	await assert.rejects(editor.sendRequest('nothing'), { code: ErrorCodes.MethodNotFound });

	const closed = new Promise((resolve) => language.onClose(resolve));
	editor.end();
	editor.dispose();
	await closed;
	language.dispose();
}
