// What is drawn and written of figures that are made up.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barChart, dotChart, lineChart } from '../report/charts.mjs';
import { drawCharts } from '../report/drawings.mjs';
import { publish } from '../report/publish.mjs';

const test = suite('report');

let directory = '';
test.before(() => {
	directory = mkdtempSync(join(tmpdir(), 'bench-report-'));
});
test.after(() => rmSync(directory, { recursive: true, force: true }));

const same = (value: number) => ({ median: value, low: value, high: value });
const unit = { name: 'message', cpu: 'CPU µs/message', scale: 1000, rate: 'messages/s', rateScale: 1 };
const figures = (cpu: number) => ({
	unit,
	contenders: [
		{ name: 'c', title: 'C, epoll', kind: 'other', cpu: same(2000), rounds: [{ cpu: 2000 }], about: { port: 1 } },
		{ name: 'streams', title: 'streams <&>', kind: 'ours', cpu: same(cpu), overRival: same(0.5), rounds: [{ cpu }] },
	],
});

/** Attributes of all elements of that name. */
function elements(svg: string, name: string): string[] {
	return [...svg.matchAll(new RegExp(`<${name}( [^>]*)>`, 'g'))].map(([, attributes = '']) => attributes);
}

/** The widths of the bars. */
function widths(svg: string): number[] {
	return elements(svg, 'rect').map((attributes) => Number(/ width="([\d.]+)"/.exec(attributes)?.[1]));
}

test('bars are as long as their values, and stand beside their names', () => {
	const svg = barChart('the title', 'ms', [
		{ label: 'one', value: 10, kind: 'ours' },
		{ label: 'two', value: 20, low: 19, high: 21, kind: 'node' },
	]);
	const [one = NaN, two = NaN] = widths(svg);
	assert.ok(Math.abs(two / one - 2) < 0.01, `${one} and ${two}`);
	for (const text of ['the title', '>one<', '>two<', '>10.00<', '>20.00<', '>ms<']) assert.ok(svg.includes(text), text);
	assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
});

test('dots and lines have a colour and a name for each series', () => {
	const dots = ['a', 'b'].flatMap((label) => ['x', 'y'].map((series) => ({ label, series, value: 0.5 })));
	const points = ['x', 'y'].flatMap((series) => [1, 2, 3].map((x) => ({ x, y: x, series })));
	for (const svg of [
		dotChart('t', 'share', dots),
		lineChart('t', { label: 'x', type: 'linear' }, { type: 'log' }, points),
	]) {
		assert.ok(svg.includes('>x<') && svg.includes('>y<'));
		const colours = new Set([...svg.matchAll(/fill="(#[0-9a-f]{6})"/g)].map(([, colour]) => colour));
		assert.is(colours.size, 2, [...colours].join(' '));
	}
});

test('names of contenders are text, not markup', () => {
	const svg = drawCharts({ echo: figures(3000) }).get('echo') ?? '';
	assert.ok(svg.includes('streams &lt;&amp;&gt;'), svg);
});

test('each case that measures in rounds has a chart, and all together one; a case without figures has none', () => {
	const names = [...drawCharts({ echo: figures(3000), file: { megabytes: 1 }, http: {} }).keys()];
	assert.equal(names, ['overview', 'echo']);
});

test('cases of other kinds have charts of their own', () => {
	const one = { name: 'streams', title: 'streams', kind: 'ours' };
	const all: Record<string, [figures: object, texts: string[]]> = {
		latency: [
			{ loads: [1000, 2000].map((rate) => ({ rate, contenders: [{ ...one, p99: rate / 10 }] })) },
			['>streams<', '>1,000<', '>2,000<'],
		],
		connections: [{ contenders: [{ ...one, idle: 1600 }] }, ['>streams<', '>1.60<', '>KB<']],
		first: [{ contenders: [{ ...one, ready: same(41) }] }, ['>streams<', '>41<', '>ms<']],
		import: [
			{
				imports: [
					{ node: '20.1.0', module: 'an empty program', over: same(0) },
					{ node: '20.1.0', module: '@net/ip', over: same(3) },
					{ node: '26.1.0', module: '@net/ip', over: same(7) },
				],
			},
			['Node 20.1.0', '>@net/ip<', '>3.0<'],
		],
		values: [
			{ values: [{ node: '20.1.0', task: 'isIP', ratio: same(0.5) }, { node: '20.1.0', task: 'parse' }] }, // prettier-ignore
			['>isIP<', '>Node 20.1.0<'],
		],
		blocklist: [
			{
				lists: [10, 1000].flatMap((count) => [
					{ name: 'ours', family: 'ipv4', shape: 'uniform', count, string: same(count) },
					{ name: 'elsewhere', family: 'ipv6', shape: 'uniform', count, string: same(count) },
				]),
			},
			['>ours<', '>10<', '>1,000<'],
		],
	};
	for (const [name, [own, texts]] of Object.entries(all)) {
		const svg = drawCharts({ [name]: own }).get(name) ?? '';
		for (const text of texts) assert.ok(svg.includes(text), `${name}: ${text}`);
		assert.not.ok(/NaN|undefined|elsewhere|>an empty program</.test(svg), name);
	}
});

const machine = {
	...{ cpu: 'a CPU', cpus: 2, memory: '1 GiB', kernel: 'linux', congestion: 'cubic', note: undefined },
	...{ pinned: 'server on CPU 0', compiler: 'cc' },
};

function report(date: string, name: string, cpu: number) {
	const goals = [{ what: 'streams / C', value: cpu / 2000, most: 1.2, unit: 'x', met: false }];
	const table = {
		title: `${name}: 64 B`,
		columns: ['server', 'CPU'],
		rows: [['C', '2.00']],
		notes: ['a | note'],
		goals,
	};
	const command = `npm run bench -- ${name}`;
	return { command, date, machine, figures: { [name]: figures(cpu) }, tables: { [name]: table } };
}

test('publishing renews its cases in JSON, charts, tables and README, and keeps the others', () => {
	mkdirSync(join(directory, 'tooling'), { recursive: true });
	const readme = join(directory, 'README.md');
	const before = '# It\n\n<!-- bench: begin -->\n<!-- bench: end -->\n\nMore.\n';
	writeFileSync(readme, before);
	publish(report('2026-01-02T03:04:05Z', 'echo', 3000), ['echo', 'burst'], directory);
	publish(report('2026-01-03T03:04:05Z', 'burst', 5000), ['echo', 'burst'], directory);
	publish(report('2026-01-04T03:04:05Z', 'echo', 4000), ['echo', 'burst'], directory);

	const place = join(directory, 'tooling', 'bench', 'figures');
	assert.equal(readdirSync(place).sort(), ['README.md', 'burst.svg', 'echo.svg', 'figures.json', 'overview.svg']);
	const { cases } = JSON.parse(readFileSync(join(place, 'figures.json'), 'utf8'));
	assert.equal(Object.keys(cases), ['echo', 'burst']);
	assert.equal([cases.echo.date, cases.burst.date], ['2026-01-04T03:04:05Z', '2026-01-03T03:04:05Z']);
	assert.is(cases.echo.figures.contenders[1].cpu.median, 4000);
	assert.is(cases.echo.figures.contenders[1].rounds, undefined, 'single rounds are not kept');

	const text = readFileSync(readme, 'utf8');
	assert.ok(text.startsWith('# It\n\n<!-- bench: begin -->\n\n') && text.endsWith('<!-- bench: end -->\n\nMore.\n'));
	assert.is(text.split('<!-- bench:').length, 3, 'once, however often it is published');
	assert.match(
		text,
		/Measured 2026-01-03 to 2026-01-04 by `npm run bench -- echo`, `npm run bench -- burst` on: a CPU/,
	);
	assert.match(text, /\| echo +\| streams \/ C +\| +2\.00x \| ≤ 1\.20x \| MISSED \|/);
	assert.match(text, /\| burst +\| streams \/ C +\| +2\.50x \|/);
	assert.match(text, /!\[echo\]\(tooling\/bench\/figures\/echo\.svg\)/);
	assert.match(readFileSync(join(place, 'README.md'), 'utf8'), /## burst\n\nburst: 64 B\.\n\n\| server/);
});

test('a README without the markers is left alone', () => {
	const folder = join(directory, 'other');
	mkdirSync(folder);
	writeFileSync(join(folder, 'README.md'), '# It\n');
	assert.throws(
		() => publish(report('2026-01-02', 'echo', 1), ['echo'], folder),
		/the README has no <!-- bench: begin/,
	);
	assert.is(readFileSync(join(folder, 'README.md'), 'utf8'), '# It\n');
});

test.run();
