import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readList } from '@net/blocklist/formats';
import { listed } from '../support/listed.ts';

const test = suite('readList');
const text = Buffer.from('192.0.2.1\n2001:db8::/32 # x\n');
const rules = ['192.0.2.1', '2001:db8::/32 x'];

function bytes(buffer: Uint8Array): Uint8Array[] {
	return Array.from(buffer, (byte) => Uint8Array.of(byte));
}

test('bytes, iterables and streams are read, compressed or not, in chunks of any size', async () => {
	for (const content of [
		text,
		gzipSync(text),
		Buffer.concat([gzipSync(text.subarray(0, 12)), gzipSync(text.subarray(12))]),
	]) {
		const sources = [
			() => content,
			() => [content],
			() => bytes(content),
			() => Readable.from(bytes(content)),
			() => new Blob([content]).stream(),
		];
		for (const source of sources) assert.equal(listed((await readList(source())).batch), rules);
	}
});

test('a file is read by its path or URL, which the rules know as their source', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'net-blocklist-'));
	try {
		const path = join(folder, 'list.txt.gz');
		const content = gzipSync(text);
		writeFileSync(path, content);
		let seen = 0;
		const { batch, bytes: read } = await readList(path, { progress: (count) => void (seen += count) });
		assert.equal(listed(batch), rules);
		assert.is(batch.sourceOf(0), path);
		assert.is(seen, content.length);
		assert.is(read, text.length);
		assert.is((await readList(pathToFileURL(path), { name: 'mine' })).batch.sourceOf(1), 'mine');
		await rejects(() => readList(join(folder, 'none')), 'ENOENT');
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('gzip that is cut or broken is an error, and so is a source that fails or gives texts', async () => {
	const content = gzipSync(text);
	await rejects(() => readList(content.subarray(0, -6)), 'Z_BUF_ERROR');
	const broken = Buffer.from(content);
	broken[broken.length - 8] = ~(broken.at(-8) ?? 0);
	await rejects(() => readList(broken), 'Z_DATA_ERROR');
	const failing = async function* (): AsyncGenerator<Uint8Array> {
		yield content.subarray(0, 15);
		throw Object.assign(new Error('gone'), { code: 'EGONE' });
	};
	await rejects(() => readList(failing()), 'EGONE');
	await rejects(() => readList(Readable.from(['192.0.2.1'])), undefined);
});

test('less than two bytes are a list as well', async () => {
	assert.is((await readList([])).rules, 0);
	assert.is((await readList(Uint8Array.of(0x1f))).problemCount, 1);
});

async function rejects(run: () => Promise<unknown>, code: string | undefined): Promise<void> {
	let error: unknown;
	try {
		await run();
	} catch (thrown) {
		error = thrown;
	}
	assert.instance(error, Error);
	assert.is(Object.getOwnPropertyDescriptor(error, 'code')?.value, code);
}

test.run();
