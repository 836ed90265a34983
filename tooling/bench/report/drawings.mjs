/** Which chart shows the figures of which case. */
import { barChart, dotChart, lineChart } from './charts.mjs';

/**
 * @typedef {Record<string, object>} AllFigures by case, as the cases answer them.
 * @typedef {import('../rounds.mjs').Summary} Summary
 */

/**
 * @param {AllFigures} figures
 * @returns {Map<string, string>} SVG by name: `overview`, and those of the cases that have one.
 */
export function drawCharts(figures) {
	/** @type {Map<string, string>} */
	const charts = new Map();
	const overview = drawOverview(figures);
	if (overview !== undefined) charts.set('overview', overview);
	for (const [name, own] of Object.entries(figures)) {
		const chart = (drawings[name] ?? drawRounds)(own, name);
		if (chart !== undefined) charts.set(name, chart);
	}
	return charts;
}

/** The casts are what each case says of its figures. @type {Record<string, (figures: object) => string | undefined>} */
const drawings = {
	file: () => undefined,
	latency(figures) {
		const { loads } = /** @type {import('../cases/latency.mjs').Figures} */ (figures);
		const points = loads.flatMap(({ rate, contenders }) =>
			contenders.map(({ title, p99 = NaN }) => ({ x: rate, y: p99, series: title })),
		);
		const x = /** @type {const} */ ({ label: 'load, messages/s', type: 'linear' });
		return lineChart('latency: p99 of an echo in µs, at given loads', x, { type: 'log' }, points);
	},
	connections(figures) {
		const { contenders } = /** @type {import('../cases/connections.mjs').Figures} */ (figures);
		const bars = contenders
			.filter(({ idle }) => idle > 0)
			.map(({ title, kind, idle }) => ({ label: title, kind, value: idle / 1000 }));
		return barChart('connections: memory of an idle connection', 'KB', bars);
	},
	first(figures) {
		const { contenders } = /** @type {import('../cases/first.mjs').Figures} */ (figures);
		const bars = contenders.map(({ title, kind, ready }) => ({
			...{ label: title, kind, value: ready.median, low: ready.low, high: ready.high },
		}));
		return barChart('first: from the start of a server until it listens', 'ms', bars, 0);
	},
	import(figures) {
		const { imports } = /** @type {import('../cases/import.mjs').Figures} */ (figures);
		const bars = imports
			.filter(({ node, module }) => node === imports[0]?.node && /^(node:|@)/.test(module))
			.map(({ module, over }) => ({
				...{ label: module, value: over.median, low: over.low, high: over.high },
				kind: module.startsWith('node:') ? /** @type {const} */ ('node') : /** @type {const} */ ('ours'),
			}));
		return barChart(`import: over an empty program, Node ${imports[0]?.node}`, 'ms', bars, 1);
	},
	values(figures) {
		const { values } = /** @type {import('../cases/values.mjs').Figures} */ (figures);
		const dots = values.flatMap(({ node, task, ratio }) =>
			ratio === undefined ? [] : [{ label: task, value: ratio.median, series: `Node ${node}` }],
		);
		return dotChart('values: time of ours / of Node', "share of the time that Node's own takes", dots);
	},
	blocklist(figures) {
		const { lists } = /** @type {import('../cases/blocklist.mjs').Figures} */ (figures);
		const points = lists.flatMap(({ name, family, shape, count, string }) =>
			family === 'ipv4' && shape === 'uniform' && string !== undefined
				? [{ x: count, y: string.median, series: name }]
				: [],
		);
		const x = /** @type {const} */ ({ label: 'rules', type: 'log' });
		return lineChart('blocklist: check of an IPv4 text, ns', x, { type: 'log' }, points);
	},
};

/**
 * Of a case that measures in rounds.
 * @param {object} figures
 * @param {string} name
 */
function drawRounds(figures, name) {
	const { unit, contenders } = /** @type {Partial<import('../rounds.mjs').Figures>} */ (figures);
	if (unit === undefined || contenders === undefined) return undefined;
	const bars = contenders.map(({ title, kind, cpu }) => ({
		...{ label: title, kind, value: cpu.median / unit.scale, low: cpu.low / unit.scale, high: cpu.high / unit.scale },
	}));
	return barChart(`${name}: CPU of the server a ${unit.name}`, unit.cpu, bars);
}

/** All cases that compare with node:net. @param {AllFigures} figures */
function drawOverview(figures) {
	const dots = Object.entries(figures).flatMap(([label, own]) => {
		const { contenders = [] } = /** @type {{ contenders?: Partial<Summary>[] }} */ (own);
		return ['streams', 'streams-26', 'handles', 'handles-26'].flatMap((name) => {
			const { title = name, overRival } = contenders.find((contender) => contender.name === name) ?? {};
			return overRival === undefined ? [] : [{ label, series: title, value: overRival.median }];
		});
	});
	if (dots.length === 0) return undefined;
	return dotChart('CPU of the server, ours / node:net on the same Node', 'share of the CPU that node:net takes', dots);
}
