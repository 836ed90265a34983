/**
 * What a user does first, on the Node that runs this, and with nothing but that Node and its npm:
 *
 *     node smoke.mjs <folder of tarballs> [--npm npm-cli.js] [--no-examples] [driver …]
 *
 * installs all tarballs into an empty project without a network, sends bytes there and back by each driver named, and runs
 * the examples in the READMEs that were installed. npm chooses the binary that fits. Exits with 1 and says what went wrong.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { readArguments, refuse } from './arguments.mjs';
import { differences, examples } from './examples.mjs';

/** A program that does not end by itself is a failure, too. */
const PROGRAM_MS = 60_000;

const { values, positionals } = readArguments(import.meta.url, {
	allowPositionals: true,
	options: { npm: { type: 'string' }, 'no-examples': { type: 'boolean', default: false } },
});
const [tarballs, ...drivers] = positionals;
if (tarballs === undefined) refuse(import.meta.url, 'name the folder of the tarballs');
for (const driver of drivers) {
	if (driver !== 'native' && driver !== 'portable') refuse(import.meta.url, `no driver ${driver}: native or portable`);
}

const folder = mkdtempSync(join(tmpdir(), 'net-smoke-'));
try {
	const names = install(resolve(tarballs));
	for (const driver of drivers) sendBytes(names, driver);
	if (!values['no-examples']) for (const name of names) runExamples(name);
	console.log(`Node ${process.versions.node}: installed${drivers.map((driver) => `, ${driver} runs`).join('')}`);
} catch (error) {
	console.error(String(error));
	process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** @param {string} from @returns {string[]} names of the packages that are no binaries */
function install(from) {
	/** @type {{ dependencies: Record<string, string>, optionalDependencies: Record<string, string> }} */
	const project = { dependencies: {}, optionalDependencies: {} };
	for (const file of readdirSync(from)) {
		const [, name, platform] = /^net-([a-z]+)(-linux-\w+-\w+)?-\d.*\.tgz$/.exec(file) ?? [];
		if (name === undefined) continue;
		if (platform === undefined) project.dependencies[`@net/${name}`] = `file:${join(from, file)}`;
		else project.optionalDependencies[`@net/${name}${platform}`] = `file:${join(from, file)}`;
	}
	writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
	const cli = values.npm ?? join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
	const options = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-update-notifier'];
	run([cli, 'install', ...options, '--cache', join(folder, 'cache')]);
	return Object.keys(project.dependencies);
}

/** @param {string[]} names @param {string} driver */
function sendBytes(names, driver) {
	const program = `
import assert from 'node:assert';
import { createRequire } from 'node:module';
for (const name of ${JSON.stringify(names)}) {
	assert.ok(Object.keys(await import(name)).length > 0, name + ' exports nothing');
}
const net = createRequire(import.meta.url)('@net/node');
assert.strictEqual(net.isIP('::1'), 6);
const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', () => {
	const client = net.connect(server.address().port, '127.0.0.1', () => client.end('there and back'));
	let text = '';
	client.setEncoding('utf8').on('data', (chunk) => (text += chunk));
	client.on('close', () => server.close());
	server.on('close', async () => {
		const { currentDriver } = await import('@net/loop');
		console.log(currentDriver().name + ': ' + text);
	});
});
`;
	writeFileSync(join(folder, 'program.mjs'), program);
	const printed = run(['program.mjs'], { NET_LOOP_DRIVER: driver });
	if (printed !== `${driver}: there and back\n`) throw new Error(`the ${driver} driver printed ${printed}`);
}

/** @param {string} name */
function runExamples(name) {
	const readme = readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8');
	for (const code of examples(readme)) {
		writeFileSync(join(folder, 'example.mjs'), code);
		const wrong = differences(code, run(['example.mjs']));
		if (wrong) throw new Error(`an example of ${name} breaks its word:\n${wrong}`);
	}
}

/**
 * Of the environment a program sees this Node alone, and what is given.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function run(args, env = {}) {
	const { status, stdout, stderr, signal } = spawnSync(process.execPath, args, {
		cwd: folder,
		env: { PATH: dirname(process.execPath), HOME: folder, ...env },
		encoding: 'utf8',
		timeout: basename(args[0] ?? '') === 'npm-cli.js' ? 2 * PROGRAM_MS : PROGRAM_MS,
	});
	if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status ?? signal}:\n${stdout}${stderr}`);
	return stdout;
}
