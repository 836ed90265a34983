/** Charts of the figures, as SVG: Observable Plot on a document that is no browser's. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { formatNumber } from '../output.mjs';

const WIDTH = 760;
const ROW = 24;
const colours = { ours: '#0b7285', node: '#868e96', other: '#ced4da' };
/** Of lines, in order. */
const palette = ['#0b7285', '#15aabf', '#868e96', '#343a40', '#e67700', '#f08c00', '#5f3dc4', '#2b8a3e', '#c2255c', '#adb5bd']; // prettier-ignore
const style = { fontFamily: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif', fontSize: '12px', background: 'white', color: 'black' }; // prettier-ignore

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number} value
 * @property {number} [low] - a whisker from here
 * @property {number} [high] - to there.
 * @property {keyof typeof colours} kind
 */

/**
 * Horizontal bars in the order given.
 * @param {string} title
 * @param {string} unit - of the values.
 * @param {readonly Bar[]} bars
 * @param {number} [digits] - behind the point of a value.
 * @returns {string} SVG
 */
export function barChart(title, unit, bars, digits = 2) {
	const most = Math.max(...bars.map(({ value, high = value }) => Math.max(value, high)));
	return draw({
		width: WIDTH,
		height: 70 + bars.length * ROW,
		marginTop: 34,
		marginLeft: marginFor(bars.map(({ label }) => label)),
		marginBottom: 36,
		style,
		x: { label: unit, grid: true, domain: [0, most * 1.12], labelArrow: 'none', labelAnchor: 'center' },
		y: { label: null, domain: bars.map(({ label }) => label), tickSize: 0, padding: 0.25 },
		color: { domain: Object.keys(colours), range: Object.values(colours) },
		marks: [
			titleMark(title),
			Plot.barX(bars, { x: 'value', y: 'label', fill: 'kind' }),
			Plot.ruleY(
				bars.filter(({ low, high }) => low !== undefined && high !== undefined),
				{ x1: 'low', x2: 'high', y: 'label', stroke: 'black' },
			),
			Plot.text(bars, {
				x: ({ value, high = value }) => Math.max(value, high),
				y: 'label',
				text: ({ value }) => formatNumber(value, digits),
				textAnchor: 'start',
				dx: 6,
			}),
			Plot.ruleX([0]),
		],
	});
}

/**
 * @typedef {object} Dot
 * @property {string} label - its line.
 * @property {number} value
 * @property {string} series
 * @property {number} [goal] - a tick there.
 */

/**
 * One line a label, a dot a series, with a mark at 1.
 * @param {string} title
 * @param {string} axis
 * @param {readonly Dot[]} dots
 * @returns {string} SVG
 */
export function dotChart(title, axis, dots) {
	const labels = [...new Set(dots.map(({ label }) => label))];
	const series = [...new Set(dots.map((dot) => dot.series))];
	const most = Math.max(1, ...dots.map(({ value }) => value));
	return draw({
		width: WIDTH,
		height: 106 + labels.length * ROW,
		marginTop: 66,
		marginLeft: marginFor(labels),
		marginRight: 24,
		marginBottom: 36,
		style,
		x: { label: axis, grid: true, domain: [0, most * 1.05], labelArrow: 'none', labelAnchor: 'center' },
		y: { label: null, domain: labels, tickSize: 0 },
		color: { domain: series, range: palette },
		marks: [
			titleMark(title, -54),
			legend(series),
			Plot.ruleX([1], { stroke: 'black', strokeDasharray: '4 3' }),
			Plot.ruleX([0]),
			Plot.tickX(
				dots.filter(({ goal }) => goal !== undefined),
				{ x: 'goal', y: 'label', stroke: 'series', strokeWidth: 2 },
			),
			Plot.dot(dots, { x: 'value', y: 'label', fill: 'series', r: 5 }),
		],
	});
}

/**
 * @typedef {{ x: number, y: number, series: string }} Point
 */

/**
 * One line a series; their names stand in the order in which the lines end.
 * @param {string} title - says what `y` is, too.
 * @param {{ label: string, type: 'linear' | 'log' }} x
 * @param {{ type: 'linear' | 'log' }} y
 * @param {readonly Point[]} points
 * @returns {string} SVG
 */
export function lineChart(title, x, y, points) {
	const series = [...new Set(points.map((point) => point.series))];
	const lastOf = (/** @type {string} */ name) => points.findLast((point) => point.series === name)?.y ?? 0;
	const ordered = series.map((name, i) => ({ name, colour: palette[i] ?? 'black' })).sort((one, two) => lastOf(two.name) - lastOf(one.name)); // prettier-ignore
	const format = (/** @type {number} */ value) => formatNumber(value, value < 1 ? 2 : 0);
	return draw({
		width: WIDTH,
		height: 420,
		marginTop: 56,
		marginLeft: 80,
		marginRight: 210,
		marginBottom: 40,
		style,
		x: { ...x, grid: true, ticks: 6, tickFormat: format, labelArrow: 'none', labelAnchor: 'center' },
		y: { ...y, label: null, grid: true, ticks: 6, tickFormat: format },
		color: { domain: series, range: palette },
		marks: [
			titleMark(title, -36),
			Plot.line(points, { x: 'x', y: 'y', stroke: 'series', strokeWidth: 2 }),
			Plot.dot(points, { x: 'x', y: 'y', fill: 'series', r: 3 }),
			ordered.flatMap(({ name, colour }, i) => [
				Plot.dot([name], { frameAnchor: 'top-right', dx: 20, dy: i * 20 + 6, r: 5, fill: colour }),
				Plot.text([name], { frameAnchor: 'top-right', textAnchor: 'start', dx: 30, dy: i * 20 }),
			]),
		],
	});
}

/** Room for labels beside an axis: no browser is there to measure them. @param {readonly string[]} labels */
function marginFor(labels) {
	return 20 + 6.6 * Math.max(...labels.map(({ length }) => length));
}

/**
 * @param {string} text
 * @param {number} [dy]
 */
function titleMark(text, dy = -22) {
	return Plot.text([text], { frameAnchor: 'top-left', dx: -4, dy, fontSize: 14, fontWeight: 'bold' });
}

/** Dots and names in one line below the title. @param {readonly string[]} series */
function legend(series) {
	const place = (/** @type {number} */ i) => series.slice(0, i).reduce((sum, name) => sum + 30 + name.length * 7, 0);
	return series.flatMap((name, i) => [
		Plot.dot([name], { frameAnchor: 'top-left', dx: place(i) + 4, dy: -18, r: 5, fill: palette[i] ?? 'black' }),
		Plot.text([name], { frameAnchor: 'top-left', dx: place(i) + 14, dy: -24 }),
	]);
}

/**
 * @param {import('@observablehq/plot').PlotOptions} options
 * @returns {string} a file.
 */
function draw(options) {
	const { document } = parseHTML('<html><body></body></html>');
	const svg = Plot.plot({ ...options, document, className: 'chart' });
	svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
	return `${svg.outerHTML}\n`;
}
