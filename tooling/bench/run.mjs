#!/usr/bin/env node
/** The bench: `node tooling/bench/run.mjs --help`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { refuse } from '@tooling/test/arguments';
import { helpText, parseSettings } from './arguments.mjs';
import { accepts } from './cases/accept.mjs';
import { blocklist } from './cases/blocklist.mjs';
import { bulks } from './cases/bulk.mjs';
import { burst } from './cases/burst.mjs';
import { connections } from './cases/connections.mjs';
import { echoes } from './cases/echo.mjs';
import { file } from './cases/file.mjs';
import { first } from './cases/first.mjs';
import { imports } from './cases/import.mjs';
import { latency } from './cases/latency.mjs';
import { redis } from './cases/redis.mjs';
import { values } from './cases/values.mjs';
import { webs } from './cases/web.mjs';
import { killChildren } from './children.mjs';
import { goalColumns, goalRow, judge } from './goals.mjs';
import { reasonOf } from './load.mjs';
import { chooseCores, describeMachine, stayWithLoad } from './machine.mjs';
import { nativeProgram } from './native.mjs';
import { clearProgress, formatTable, setProgressPrefix } from './output.mjs';
import { profileCase } from './profile.mjs';

/** In the order in which they run. A new case is a file in cases/ and a line here. */
const cases = [
	...echoes,
	latency,
	burst,
	...accepts,
	connections,
	...bulks,
	file,
	...webs,
	redis,
	first,
	imports,
	values,
	blocklist,
];

const directory = mkdtempSync(join(tmpdir(), 'net-bench-'));
process.on('exit', () => {
	clearProgress();
	killChildren();
	rmSync(directory, { recursive: true, force: true });
});
for (const [signal, number] of /** @type {const} */ ([
	['SIGINT', 2],
	['SIGTERM', 15],
	['SIGHUP', 1],
])) {
	process.on(signal, () => process.exit(128 + number));
}

const settings = readSettings();
try {
	if (settings === 'help') console.log(helpText(cases));
	else process.exitCode = (await run(settings)) ? 0 : 1;
} catch (error) {
	clearProgress();
	console.error(`bench: ${reasonOf(error)}`);
	process.exitCode = 1;
}

function readSettings() {
	const names = cases.map(({ name }) => name);
	try {
		return parseSettings(process.argv.slice(2), names);
	} catch (error) {
		return refuse('bench', reasonOf(error));
	}
}

/**
 * @param {import('./arguments.mjs').Settings} settings
 * @returns {Promise<boolean>} whether all went well.
 */
async function run(settings) {
	if (process.platform !== 'linux') throw new Error('it reads CPU times from /proc, so it runs on Linux only');
	nativeProgram('echo-load');
	const cores = chooseCores();
	stayWithLoad(cores);
	const machine = describeMachine(cores);
	const toConsole = settings.json === '-' ? console.error : console.log;
	if (cores.note !== undefined) console.error(`note: ${cores.note}`);
	/** @type {Record<string, object>} */
	const figures = {};
	/** @type {Record<string, import('./report/publish.mjs').Table>} */
	const tables = {};
	let well = true;
	const chosen = cases.filter(({ name }) => settings.cases.includes(name));
	if (settings.profile !== undefined) {
		for (const one of chosen) toConsole(await profileCase(one, settings.profile, settings, { cores, directory }));
		return true;
	}
	for (const [i, one] of chosen.entries()) {
		setProgressPrefix(chosen.length === 1 ? '' : `${i + 1}/${chosen.length} ${one.name}  `);
		const outcome = await one.run(settings, { cores, directory });
		clearProgress();
		const goals = judge(one.name, outcome.figures);
		const { title, columns, rows, notes } = outcome;
		toConsole([`\n${title}\n`, formatTable(columns, rows), ...notes].join('\n'));
		if (goals.length > 0) toConsole(`\n${formatTable(goalColumns, goals.map(goalRow))}`);
		figures[one.name] = { ...outcome.figures, goals };
		tables[one.name] = { title, columns, rows, notes, goals };
		well &&= !outcome.failed;
	}
	// Each was left out, and why stands above.
	if (Object.values(tables).every(({ rows }) => rows.length === 0)) throw new Error('nothing was measured');
	toConsole(
		`\n${machine.cpu}, ${machine.cpus} CPUs, ${machine.memory}, ${machine.kernel}, TCP ${machine.congestion}; ${machine.pinned}; ${machine.compiler}`,
	);
	const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
	const report = { command, date: new Date().toISOString(), machine, figures, tables };
	if (settings.json !== undefined) writeJson(settings.json, report);
	// Only these draw charts, and so need what draws them.
	if (settings.charts !== undefined) {
		const [{ drawCharts }, { writeCharts }] = [
			await import('./report/drawings.mjs'),
			await import('./report/publish.mjs'),
		];
		writeCharts(drawCharts(figures), pathOf(settings.charts));
	}
	if (settings.publish) {
		const { publish } = await import('./report/publish.mjs');
		const order = cases.map(({ name }) => name);
		publish(report, order);
	}
	return well;
}

/**
 * @param {string} file
 * @param {object} report
 */
function writeJson(file, report) {
	const text = `${JSON.stringify(report, undefined, 2)}\n`;
	if (file === '-') process.stdout.write(text);
	else writeFileSync(pathOf(file), text);
}

/** Scripts run in their package's folder; a path is meant from where the user is. @param {string} path */
function pathOf(path) {
	return resolve(process.env['INIT_CWD'] ?? '', path);
}
