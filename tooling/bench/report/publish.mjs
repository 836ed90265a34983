/**
 * What is kept of a run: figures.json, the charts, a page with all tables, and the part of the README between its markers.
 * A run of some cases renews those and keeps the others.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goalRow } from '../goals.mjs';
import { formatTable } from '../output.mjs';
import { readIfThere } from '../procfs.mjs';
import { drawCharts } from './drawings.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
/** The charts that the README shows. */
const SHOWN = ['overview', 'echo', 'latency'];
const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/**
 * @typedef {object} Report of a run.
 * @property {string} command
 * @property {string} date
 * @property {ReturnType<typeof import('../machine.mjs').describeMachine>} machine
 * @property {Record<string, object>} figures - by case.
 * @property {Record<string, Table>} tables
 *
 * @typedef {{ title: string, columns: string[], rows: string[][], notes: string[], goals: import('../goals.mjs').Result[] }} Table
 *
 * @typedef {Pick<Report, 'command' | 'date' | 'machine'> & Table & { figures: object }} Kept of one case.
 */

/**
 * @param {Report} report
 * @param {readonly string[]} order - of cases.
 * @param {string} [folder] - where the README is; another one for tests.
 */
export function publish(report, order, folder = root) {
	const place = join(folder, 'tooling', 'bench', 'figures');
	const readme = join(folder, 'README.md');
	const cases = merge(readIfThere(join(place, 'figures.json')), report, order);
	const charts = drawCharts(Object.fromEntries(Object.entries(cases).map(([name, { figures }]) => [name, figures])));
	const text = replaceBetween(readFileSync(readme, 'utf8'), partOf(cases, [...charts.keys()]));
	writeCharts(charts, place);
	writeFileSync(join(place, 'figures.json'), `${JSON.stringify({ cases }, undefined, 1)}\n`);
	writeFileSync(join(place, 'README.md'), pageOf(cases, [...charts.keys()]));
	writeFileSync(readme, text);
}

/**
 * @param {ReadonlyMap<string, string>} charts - by name, as drawCharts answers them.
 * @param {string} directory - made where it is missing.
 */
export function writeCharts(charts, directory) {
	mkdirSync(directory, { recursive: true });
	for (const [name, svg] of charts) writeFileSync(join(directory, `${name}.svg`), svg);
}

/**
 * @param {string | undefined} text - of figures.json.
 * @param {Report} report
 * @param {readonly string[]} order
 * @returns {Record<string, Kept>}
 */
function merge(text, { command, date, machine, figures, tables }, order) {
	/** @type {Record<string, Kept>} */
	const cases = text === undefined ? {} : JSON.parse(text).cases;
	for (const [name, table] of Object.entries(tables)) {
		cases[name] = { command, date, machine, ...table, figures: withoutRounds(figures[name] ?? {}) };
	}
	return Object.fromEntries(order.flatMap((name) => (cases[name] === undefined ? [] : [[name, cases[name]]])));
}

/**
 * The single rounds are many, and in the JSON of the run.
 * @param {object} figures
 * @returns {object}
 */
function withoutRounds(figures) {
	return JSON.parse(
		JSON.stringify(figures, (key, value) => {
			if ((key === 'rounds' && Array.isArray(value)) || key === 'about' || key === 'goals') return undefined;
			return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
		}),
	);
}

/**
 * @param {Record<string, Kept>} cases
 * @param {readonly string[]} charts
 */
function partOf(cases, charts) {
	const pictures = SHOWN.filter((name) => charts.includes(name));
	return [
		`${provenance(Object.values(cases))} All tables and charts: [tooling/bench/figures](tooling/bench/figures/README.md).`,
		...pictures.map((name) => picture(name, 'tooling/bench/figures/')),
		goalTable(cases),
	].join('\n\n');
}

/**
 * @param {Record<string, Kept>} cases
 * @param {readonly string[]} charts
 */
function pageOf(cases, charts) {
	const sections = Object.entries(cases).flatMap(([name, { title, columns, rows, notes, goals }]) => [
		`## ${name}`,
		`${escape(title)}.`,
		...(rows.length === 0 ? [] : [markdownTable(columns, rows)]),
		...(goals.length === 0 ? [] : [markdownTable(['goal', 'measured', 'wanted', ''], goals.map(goalRow))]),
		...(charts.includes(name) ? [picture(name, '')] : []),
		...(notes.length === 0 ? [] : [notes.map((note) => `- ${escape(note)}`).join('\n')]),
	]);
	const head = [
		'# Figures',
		`Written by \`npm run bench -- --publish\`; [how it measures](../README.md). ${provenance(Object.values(cases))}`,
		...(charts.includes('overview') ? [picture('overview', '')] : []),
	];
	return `${[...head, ...sections].join('\n\n')}\n`;
}

/**
 * When, where and by which command.
 * @param {readonly Kept[]} cases
 */
function provenance(cases) {
	const distinct = (/** @type {string[]} */ list) => [...new Set(list)];
	const dates = distinct(cases.map(({ date }) => date.slice(0, 10))).sort();
	const machines = distinct(
		cases.map(
			({ machine }) => `${machine.cpu}, ${machine.cpus} CPUs, ${machine.memory}, ${machine.kernel}; ${machine.pinned}`,
		),
	);
	const commands = distinct(cases.map(({ command }) => `\`${command}\``));
	const when = dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates[0];
	return `Measured ${when} by ${commands.join(', ')} on: ${machines.map(escape).join(' | ')}.`;
}

/** @param {Record<string, Kept>} cases */
function goalTable(cases) {
	const rows = Object.entries(cases).flatMap(([name, { goals }]) => goals.map((goal) => [name, ...goalRow(goal)]));
	return markdownTable(['case', 'what', 'measured', 'wanted', ''], rows, 2);
}

/**
 * Columns of numbers to the right, as in the terminal.
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 * @param {number} [left]
 */
function markdownTable(columns, rows, left) {
	return formatTable(
		columns.map(escape),
		rows.map((row) => row.map(escape)),
		left,
	);
}

/**
 * @param {string} name
 * @param {string} folder
 */
function picture(name, folder) {
	return `![${name}](${folder}${name}.svg)`;
}

/** What Markdown would take for its own. @param {string} text */
function escape(text) {
	return text.replace(/[*_<|]/g, '\\$&');
}

/**
 * @param {string} text
 * @param {string} part
 */
function replaceBetween(text, part) {
	const [before, rest] = text.split(BEGIN);
	const after = rest?.split(END)[1];
	if (before === undefined || after === undefined) throw new Error(`the README has no ${BEGIN} and ${END}`);
	return `${before}${BEGIN}\n\n${part}\n\n${END}${after}`;
}
