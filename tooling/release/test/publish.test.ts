// net-test: limit 300 s
/** Publishing, by npm itself, to a registry of this test's own. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { targets } from '../platforms.mjs';
import { pack, run, tar } from './packed.ts';
import type { Packed, Run } from './packed.ts';
import { serve } from './registry.ts';
import type { Registry } from './registry.ts';

const script = fileURLToPath(new URL('../publish.mjs', import.meta.url));
const binaries = [...targets.keys()].map((platform) => `@net/loop-${platform}`);

const test = suite('Publishing');
let packed: Packed;
/** All of them, of which each call of npm would take its second: what needs no call looks at them. */
let complete: string;
/** The loop with its binaries, and three packages with no binary beneath them. */
let loop: string;
let few: string;
test.before(() => {
	packed = pack();
	complete = withAllBinaries();
	loop = chosen((file) => /^net-(?:loop|errors)-/.test(file));
	few = chosen((file) => /^net-(?:address|errors|ip)-/.test(file));
});
test.after(() => packed.remove());

for (const [what, folder] of [
	['the loop behind its binaries', () => loop],
	['each package behind what it depends on', () => few],
] as const) {
	test(`puts ${what}`, async () => {
		const registry = await serve(new Map());
		try {
			const { code, stderr } = await publish(folder(), registry);
			assert.is(code, 0, stderr);
			const order = registry.published;
			assert.is(order.length, readdirSync(folder()).length);
			for (const [index, name] of order.entries()) {
				const { dependencies, optionalDependencies } = packed.tarballs.get(name)?.manifest ?? {};
				for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
					assert.ok(order.slice(0, index).includes(needed), `${name} comes before ${needed}`);
				}
			}
		} finally {
			registry.close();
		}
	});
}

test('goes on where it was cut off, and changes nothing when all is out', async () => {
	const errors = packed.tarballs.get('@net/errors');
	assert.ok(errors);
	const registry = await serve(new Map([['@net/errors', errors]]));
	try {
		const { code, stdout, stderr } = await publish(few, registry);
		assert.is(code, 0, stderr);
		assert.match(stdout, /^- @net\/errors@\S+ is published$/m);
		assert.equal(registry.published, ['@net/ip', '@net/address']);
		const again = await publish(few, registry);
		assert.is(again.code, 0, again.stderr);
		assert.match(again.stdout, /all of these versions are published/);
		assert.is(registry.published.length, 2);
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

/** A folder with some of them. */
function chosen(wanted: (file: string) => boolean): string {
	const folder = packed.folder();
	for (const file of readdirSync(complete).filter(wanted)) cpSync(join(complete, file), join(folder, file));
	return folder;
}

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
		tar('-czf', join(folder, basename(file)), '-C', dirname(source), 'package');
	}
	return folder;
}

function publish(folder: string, registry: Registry, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Run> {
	const home = packed.folder();
	const config = join(home, 'npmrc');
	writeFileSync(config, `registry=${registry.url}\n${registry.url.replace('http:', '')}:_authToken=a-test\n`);
	const settings = {
		// npm is looked for there.
		PATH: process.env['PATH'],
		npm_config_userconfig: config,
		npm_config_cache: join(home, 'cache'),
		npm_config_fetch_retries: '0',
		npm_config_update_notifier: 'false',
	};
	return run(process.execPath, [script, folder, ...args], home, { ...settings, ...env }, 150_000);
}

test.run();
