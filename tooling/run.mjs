/**
 * The tasks of this repository, for a machine with Node and npm and nothing else: installs what is missing, builds what
 * is stale, then does the task. Without dependencies, since it runs before there are any.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, buildBinaries } from './run/build.mjs';
import { Stop, step } from './run/output.mjs';
import { ready } from './run/ready.mjs';
import { chosenPackages, test } from './run/test.mjs';
import { capture, hasCargo, install, pnpm, root, show } from './run/workspace.mjs';
import { refuse } from './test/arguments.mjs';

/** Who started this; another one later, when that is gone. */
const starter = process.ppid;
/** How often the echo server looks whether npm is still there. */
const ORPHAN_MS = 100;

const help = `npm start                  builds and serves the manual's echo server on 127.0.0.1:8124 (PORT changes it)
npm test [-- ip socket …]  builds and runs all tests, or those of the packages named
npm run ready              all that CI runs: format, lint, boundaries, types, build, tests
npm run build              builds all packages, and the native driver where there is cargo
npm run pack               leaves one .tgz a package in dist/
npm run release            what the release workflow does, as far as one machine can, but publish
npm run bench [-- …]       measures; "npm run bench -- --help" lists what
npm run conformance [-- …] compares with node:net; "npm run conformance -- --help" says how
npm run programs [-- …]    runs real programs over our sockets; "npm run programs -- --help" says which
npm run docs               leaves a site of all packages in dist/docs
npm run format             formats TypeScript, JSON, Markdown and Rust
npm run changeset          notes a change for the next release
`;

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const tasks = {
	async start() {
		await build({ only: '@net/node' });
		return serve();
	},
	async test(args) {
		await build();
		return test(args);
	},
	ready,
	async build() {
		await build();
		return 0;
	},
	async pack() {
		await build();
		return show(process.execPath, ['tooling/run/pack.mjs']);
	},
	async release() {
		await build();
		await buildBinaries();
		const code = await show(process.execPath, ['tooling/run/pack.mjs']);
		if (code !== 0) return code;
		process.env['NET_RELEASE_TARBALLS'] = join(root, 'dist');
		return test(['release']);
	},
	async bench(args) {
		await build();
		return showScript('bench', args);
	},
	async conformance(args) {
		await build();
		return showScript('conformance', args);
	},
	async programs(args) {
		await build();
		return showScript('programs', args);
	},
	docs(args) {
		// It reads sources, and needs nothing built.
		return showScript('docs', args);
	},
	async format() {
		const commands = [pnpm('exec', 'prettier', '--write', '--log-level=warn', '.')];
		if (hasCargo()) commands.push(['cargo', ['fmt', '--manifest-path', 'packages/loop/native/Cargo.toml', '--all']]);
		for (const [command, args] of commands) {
			await step(`format by ${command === 'cargo' ? 'rustfmt' : 'prettier'}`, async () => {
				const { code, output } = await capture(command, args);
				if (code !== 0) throw new Stop(`formatting failed:\n${output}`);
			});
		}
		return 0;
	},
	changeset(args) {
		// The changesets program does not run on Node 20.
		const node =
			Number(process.versions.node.split('.')[0]) >= 24
				? process.execPath
				: 'tooling/nodes/node_modules/node24/bin/node';
		return show(node, ['node_modules/@changesets/cli/bin.js', ...args]);
	},
};

/** These take arguments, and look at them themselves. */
const withArguments = new Set(['bench', 'conformance', 'programs', 'docs', 'changeset']);

const [name = '--help', ...args] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (name === '--help' || (task !== undefined && !withArguments.has(name) && args.includes('--help'))) {
	process.stdout.write(help);
} else if (task === undefined) {
	refuse('tooling/run.mjs', `no task '${name}'`);
} else {
	// Before anything is installed or built.
	if (name === 'test') chosenPackages(args);
	else if (!withArguments.has(name) && args.length > 0) refuse(name, `takes no arguments, not '${args.join(' ')}'`);
	process.exitCode = await run(task, args);
}

/**
 * @param {(args: string[]) => Promise<number>} task
 * @param {string[]} args
 */
async function run(task, args) {
	try {
		await install();
		return await task(args);
	} catch (error) {
		if (!(error instanceof Stop)) throw error;
		console.error(`✘ ${error.message}`);
		if (error.advice) console.error(`→ ${error.advice}`);
		return 1;
	}
}

/**
 * Runs the script of a package of tooling that is called as the package is.
 * @param {string} name
 * @param {string[]} args
 */
function showScript(name, args) {
	// Silent: pnpm has nothing to add to what the script says.
	return show(...pnpm('--silent', '--dir', `tooling/${name}`, 'run', name, ...args));
}

/** Runs the echo server until it ends; it gets the signals that this process gets. */
function serve() {
	return new Promise((resolve) => {
		const server = spawn(process.execPath, ['packages/node/examples/echo-server.mjs'], { cwd: root, stdio: 'inherit' });
		/** @type {Set<string | null>} */
		const asked = new Set();
		const ask = (/** @type {NodeJS.Signals} */ signal) => {
			asked.add(signal);
			server.kill(signal);
		};
		for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, ask);
		// npm hands a signal on to the shell between it and this process, which dies without a word.
		setInterval(() => process.ppid === starter || ask('SIGTERM'), ORPHAN_MS).unref();
		// A terminal signals the server as well: the second one may find it on its way out.
		server.on('close', (code, signal) => resolve(code ?? (asked.has(signal) ? 0 : 1)));
	});
}
