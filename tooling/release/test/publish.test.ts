// net-test: limit 180 s
/** Publishing, by npm itself, to a registry of this test's own. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { targets } from '../platforms.mjs';
import { pack } from './packed.ts';
import type { Packed, Run } from './packed.ts';
import { serve } from './registry.ts';
import type { Registry } from './registry.ts';

const script = fileURLToPath(new URL('../publish.mjs', import.meta.url));
const binaries = [...targets.keys()].map((platform) => `@net/loop-${platform}`);

const test = suite('Publishing');
let packed: Packed;
let complete: string;
/** Three packages with no binary beneath them, for what one can see of a few: each call of npm takes its second. */
let few: string;
test.before(() => {
	packed = pack();
	complete = withAllBinaries();
	few = packed.folder();
	for (const name of ['@net/address', '@net/errors', '@net/ip']) {
		const file = packed.tarballs.get(name)?.file ?? '';
		cpSync(file, join(few, basename(file)));
	}
});
test.after(() => packed.remove());

test('puts each package behind what it depends on, and a second run changes nothing', async () => {
	const registry = await serve(new Map());
	try {
		const first = await publish(complete, registry);
		assert.is(first.code, 0, first.stderr);
		const order = registry.published;
		assert.equal([...order].sort(), [...new Set([...packed.tarballs.keys(), ...binaries])].sort());
		for (const [name, { manifest }] of packed.tarballs) {
			const before = order.slice(0, order.indexOf(name));
			for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
				assert.ok(before.includes(needed), `${name} comes before ${needed}`);
			}
		}
		const count = order.length;
		const second = await publish(complete, registry);
		assert.is(second.code, 0, second.stderr);
		assert.match(second.stdout, /all of these versions are published/);
		assert.is(registry.published.length, count);
	} finally {
		registry.close();
	}
});

test('goes on where it was cut off', async () => {
	const errors = packed.tarballs.get('@net/errors');
	assert.ok(errors);
	const registry = await serve(new Map([['@net/errors', errors]]));
	try {
		const { code, stdout, stderr } = await publish(few, registry);
		assert.is(code, 0, stderr);
		assert.match(stdout, /^- @net\/errors@\S+ is published$/m);
		assert.equal(registry.published, ['@net/ip', '@net/address']);
	} finally {
		registry.close();
	}
});

test('refuses a version that is published with other bytes, before it publishes anything', async () => {
	const errors = packed.tarballs.get('@net/errors');
	const ip = packed.tarballs.get('@net/ip');
	assert.ok(errors && ip);
	const registry = await serve(new Map([['@net/errors', { ...errors, file: ip.file }]]));
	try {
		const { code, stderr } = await publish(few, registry);
		assert.is(code, 1);
		assert.match(stderr, /@net\/errors@\S+ is published with other bytes: raise the version/);
		assert.equal(registry.published, []);
	} finally {
		registry.close();
	}
});

test('publishes nothing where a binary is missing, or from another repository', async () => {
	const registry = await serve(new Map());
	try {
		const folder = packed.folder();
		cpSync(complete, folder, { recursive: true });
		rmSync(join(folder, `net-loop-linux-arm64-musl-${versionOf('@net/loop')}.tgz`));
		const half = await publish(folder, registry);
		assert.is(half.code, 1);
		assert.match(half.stderr, /@net\/loop needs @net\/loop-linux-arm64-musl, which was not packed/);
		const fork = await publish(complete, registry, [], { GITHUB_REPOSITORY: 'somebody/else' });
		assert.is(fork.code, 1);
		assert.match(fork.stderr, /says that it comes from .*, this is somebody\/else/);
		assert.equal(registry.published, []);
	} finally {
		registry.close();
	}
});

test('does all but publish in a dry run', async () => {
	const registry = await serve(new Map());
	try {
		const { code, stdout, stderr } = await publish(few, registry, ['--dry-run']);
		assert.is(code, 0, stderr);
		assert.match(stdout, /^✔ @net\/address@\S+ would be published$/m);
		assert.equal(registry.published, []);
	} finally {
		registry.close();
	}
});

function versionOf(name: string): string {
	return packed.tarballs.get(name)?.manifest.version ?? '';
}

/** The packed packages, and for each platform that was not built here a package of the right name without a binary. */
function withAllBinaries(): string {
	const first = [...packed.tarballs.values()][0];
	const folder = packed.folder();
	cpSync(dirname(first?.file ?? ''), folder, { recursive: true });
	for (const name of binaries) {
		if (packed.tarballs.has(name)) continue;
		const source = join(packed.folder(), 'package');
		mkdirSync(source);
		const manifest = { name, version: versionOf('@net/loop'), repository: first?.manifest.repository };
		writeFileSync(join(source, 'package.json'), JSON.stringify(manifest));
		const file = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
		packed.tar('-czf', join(folder, basename(file)), '-C', dirname(source), 'package');
	}
	return folder;
}

function publish(folder: string, registry: Registry, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Run> {
	const home = packed.folder();
	const config = join(home, 'npmrc');
	writeFileSync(config, `registry=${registry.url}\n${registry.url.replace('http:', '')}:_authToken=a-test\n`);
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [script, folder, ...args], {
			cwd: home,
			env: {
				PATH: process.env['PATH'],
				HOME: home,
				npm_config_userconfig: config,
				npm_config_cache: join(home, 'cache'),
				npm_config_fetch_retries: '0',
				npm_config_update_notifier: 'false',
				...env,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, stdout, stderr }));
	});
}

test.run();
