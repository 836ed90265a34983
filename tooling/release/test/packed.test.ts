/** The tarballs that the tests of a release are given. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pack, tar } from './packed.ts';

const test = suite('Packed elsewhere');

test('tarballs are found beside what else lies there, the site among it', () => {
	const given = mkdtempSync(join(tmpdir(), 'net-given-'));
	const before = process.env['NET_RELEASE_TARBALLS'];
	try {
		mkdirSync(join(given, 'docs'));
		mkdirSync(join(given, 'package'));
		writeFileSync(join(given, 'docs/index.html'), '');
		writeFileSync(join(given, 'package/package.json'), JSON.stringify({ name: '@net/x', version: '1.0.0' }));
		tar('-czf', join(given, 'net-x-1.0.0.tgz'), '-C', given, 'package');
		process.env['NET_RELEASE_TARBALLS'] = given;
		const packed = pack();
		assert.equal([...packed.tarballs.keys()], ['@net/x']);
		assert.equal(packed.tarballs.get('@net/x')?.entries, ['', 'package.json']);
		packed.remove();
	} finally {
		if (before === undefined) delete process.env['NET_RELEASE_TARBALLS'];
		else process.env['NET_RELEASE_TARBALLS'] = before;
		rmSync(given, { recursive: true });
	}
});

test.run();
