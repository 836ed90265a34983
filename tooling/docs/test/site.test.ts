// net-test: limit 300 s
/** The site is built without a warning, and has what users look for. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Application } from 'typedoc';
import { undescribed } from '../descriptions.mjs';
import { brokenLinks } from '../links.mjs';

const test = suite('The site');

let folder: string;
test.before(() => {
	folder = mkdtempSync(join(tmpdir(), 'net-docs-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('has a page for each module, class and document; no link leads nowhere', async () => {
	const site = join(folder, 'site');
	await using program = startProgram(fileURLToPath(new URL('../build.mjs', import.meta.url)), [site]);
	assert.is(await program.ended, 0, program.output());
	assert.is(program.output(), `open ${join(site, 'index.html')}\n`);
	const wanted = {
		'index.html': ['@net/loop', 'Two commands'],
		'modules/_net_server.html': ['<h1>Module @net/server', 'npm</span>', 'createServer'],
		'modules/_net_node_promises.html': ['connect', 'listen', 'connections and servers as promises'],
		'modules/_net_node_register.html': ['unregister', 'NET_REGISTER=off'],
		'modules/_net_blocklist_formats.html': ['readList'],
		'classes/_net_socket.Socket.html': ['resetAndDestroy', 'milliseconds'],
		'classes/_net_server.Server.html': ['getConnections', 'maxConnections'],
		'classes/_net_blocklist.BlockList.html': ['addSubnet'],
		'documents/Moving_from_node_net.html': ['Change nothing', 'What differs'],
		'documents/Troubleshooting.html': ['EMFILE', 'TIME_WAIT'],
		'documents/Architecture.html': ['From the kernel to JavaScript and back'],
	};
	for (const [page, texts] of Object.entries(wanted)) {
		const file = join(site, page);
		assert.ok(existsSync(file), `no ${page}`);
		const html = readFileSync(file, 'utf8');
		for (const text of texts) assert.ok(html.includes(text), `${page} has no ${text}`);
	}
});

test('links to files and places that are not there are found', () => {
	const site = join(folder, 'links');
	mkdirSync(site);
	writeFileSync(
		join(site, 'a.html'),
		`<h2 id="here"></h2><a href="b.html#there">1</a><a href="#here">2</a><a href="https://nodejs.org/x#y">3</a>
		<a class="x" href="none.html">4</a><a href="#nowhere">5</a><a href="b.html#nowhere">6</a><a href=".">7</a>`,
	);
	writeFileSync(join(site, 'b.html'), '<p id="there"></p>');
	assert.equal(brokenLinks(site), ['a.html: none.html', 'a.html: #nowhere', 'a.html: b.html#nowhere', 'a.html: .']);
});

test('exports and members without a description are found', async () => {
	const sources = join(folder, 'sources');
	mkdirSync(sources);
	writeFileSync(
		join(sources, 'a.ts'),
		`/** What. */
		export interface A {
			bare: number;
			/** Milliseconds. */
			told: number;
			m(): void;
			/** Does. */
			n(): void;
		}
		/** A class. */
		export class B {
			get x(): number { return this.#z; }
			/** The one. */
			get y(): number { return this.#z; }
			#z = 1;
		}
		export const c = 1;`,
	);
	// One module alone would be the project itself.
	writeFileSync(join(sources, 'b.ts'), "/** One. */ export const d = 1; export { c } from './a.ts';");
	const tsconfig = join(sources, 'tsconfig.json');
	const compilerOptions = {
		module: 'nodenext',
		noEmit: true,
		allowImportingTsExtensions: true,
		target: 'es2022',
		types: [],
	};
	writeFileSync(tsconfig, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
	const entryPoints = ['a', 'b'].map((name) => join(sources, `${name}.ts`));
	const app = await Application.bootstrap({ name: 'some', entryPoints, tsconfig, disableSources: true });
	const project = await app.convert();
	assert.ok(project);
	assert.equal(undescribed(project).sort(), ['a.A.bare', 'a.A.m', 'a.B.x', 'a.c']);
});

test.run();
