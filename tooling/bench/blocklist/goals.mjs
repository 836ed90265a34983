/** What the figures are compared with: one row of the table for each goal. */
import { formatNumber } from '../output.mjs';

/** @typedef {import('../cases/blocklist.mjs').Figure} Figure */

/**
 * @param {readonly Figure[]} figures
 * @param {{ ours: number, theirs: number, identical: boolean } | undefined} aggregate
 * @returns {string[][]}
 */
export function rowsOf(figures, aggregate) {
	/** @type {string[][]} */
	const rows = [];
	/** @type {(name: string, family: string, count: number, shape?: string) => Figure | undefined} */
	const find = (name, family, count, shape = 'uniform') =>
		figures.find((one) => one.name === name && one.family === family && one.count === count && one.shape === shape);
	/**
	 * @param {string} what
	 * @param {number | undefined} ours
	 * @param {string} rival
	 * @param {number | undefined} theirs
	 * @param {{ faster: number } | { most: number }} goal - theirs is so much of ours; ours is so much of theirs at most.
	 * @param {string} unit
	 */
	const compare = (what, ours, rival, theirs, goal, unit) => {
		if (ours === undefined || theirs === undefined) return;
		const isFaster = 'faster' in goal;
		const ratio = isFaster ? theirs / ours : ours / theirs;
		const met = isFaster ? ratio >= goal.faster : ratio <= goal.most;
		const wanted = isFaster ? (goal.faster > 0 ? `≥ ${formatNumber(goal.faster, 1)}x faster` : '') : `≤ ${goal.most}x`;
		const [own, other] = [ours, theirs].map((value) => `${formatNumber(value, value < 100 ? 1 : 0)} ${unit}`);
		const shown = `${formatNumber(ratio, ratio < 100 ? 2 : 0)}x${isFaster ? ' faster' : ''}`;
		rows.push([what, own ?? '', rival, other ?? '', shown, wanted, wanted === '' ? '' : met ? 'met' : 'MISSED']);
	};
	/** @type {(what: string, value: number | undefined, unit: string, most: number) => void} */
	const limit = (what, value, unit, most) => {
		if (value === undefined) return;
		rows.push([
			what,
			`${formatNumber(value, 2)} ${unit}`,
			'',
			'',
			'',
			`≤ ${most} ${unit}`,
			value <= most ? 'met' : 'MISSED',
		]);
	};

	for (const [family, counts] of /** @type {const} */ ([
		['ipv4', [10, 1000, 100_000, 1_000_000]],
		['ipv6', [1000, 100_000, 1_000_000]],
	])) {
		for (const count of counts) {
			const what = `check of a text, ${family}, ${formatNumber(count, 0)} rules`;
			const [ours, ours26] = [find('ours', family, count), find('ours-26', family, count)];
			const faster = family === 'ipv6' ? 3.5 : count >= 100_000 ? 7 : 4;
			const theirs26 = find('node-26', family, count)?.string?.median;
			compare(what, ours?.string?.median, 'Node 26', theirs26, { faster }, 'ns');
			compare(`${what}, ours on Node 26`, ours26?.string?.median, 'Node 26', theirs26, { faster: 0 }, 'ns');
			const same = { faster: family === 'ipv4' && count === 100_000 ? 10_000 : 0 };
			const current = `Node ${process.versions.node.split('.')[0]}`;
			compare(what, ours?.string?.median, current, find('node', family, count)?.string?.median, same, 'ns');
			const set = find('ip-set', family, count)?.string?.median;
			compare(what, ours?.string?.median, 'ip-set', set, { faster: count === 1000 ? 4 : count > 1000 ? 10 : 0 }, 'ns');
			for (const rival of ['ipaddr.js', 'cidr-matcher']) {
				compare(what, ours?.string?.median, rival, find(rival, family, count)?.string?.median, { faster: 0 }, 'ns');
			}
			const bart = find('bart', family, count);
			compare(what, ours?.string?.median, 'Go bart.Lite', bart?.string?.median, { faster: 0 }, 'ns');
			const most = family === 'ipv4' ? (count >= 100_000 ? 0.3 : Infinity) : count >= 1_000_000 ? 0.6 : Infinity;
			const number = `check of a number, ${family}, ${formatNumber(count, 0)} rules`;
			const goal = most === Infinity ? { faster: 0 } : { most };
			compare(number, ours?.numeric?.median, 'Go bart.Lite', bart?.numeric?.median, goal, 'ns');
		}
		const [small, middle, large] = [1000, 100_000, 1_000_000].map((count) => find('ours', family, count));
		const growth = { most: family === 'ipv4' ? 4 : 6 };
		compare(
			`check of a number, ${family}, 1M rules`,
			large?.numeric?.median,
			'1,000 rules',
			small?.numeric?.median,
			growth,
			'ns',
		);
		for (const count of counts) {
			const what = `adding and removing an address, ${family}, ${formatNumber(count, 0)} rules`;
			compare(what, find('ours', family, count)?.changeUs, '1,000 rules', small?.changeUs, { faster: 0 }, 'us');
			const wide = `adding and removing a ${family === 'ipv4' ? '/16' : '/32'}, ${family}, ${formatNumber(count, 0)} rules`;
			compare(wide, find('ours', family, count)?.wideChangeUs, '1,000 rules', small?.wideChangeUs, { faster: 0 }, 'us');
		}
		const clustered = find('ours', family, 100_000, 'clustered');
		const what = `check of a number, ${family}, 100,000 clustered rules`;
		compare(what, clustered?.numeric?.median, 'uniform rules', middle?.numeric?.median, { most: 1.5 }, 'ns');
		limit(`index, ${family}, 1M rules`, each(large, large?.index), 'bytes a rule', family === 'ipv4' ? 6 : 20);
		const both = (large?.index ?? NaN) + (large?.rules ?? NaN);
		limit(`index and rules, ${family}, 1M rules`, each(large, both), 'bytes a rule', 24);
		const built = find('node-26', family, 1_000_000);
		const make = `a list of a file, ${family}, 1M rules`;
		compare(make, large?.buildMs, 'Node 26', built?.buildMs, { faster: family === 'ipv4' ? 10 : 0 }, 'ms');
		compare(make, large?.buildMs, 'Go bart.Lite', find('bart', family, 1_000_000)?.buildMs, { faster: 0 }, 'ms');
		limit(`opening a shared list in a thread, ${family}, 1M rules`, large?.attachMs, 'ms', 1);
	}
	compare('aggregate of 1M rules, with start-up', aggregate?.ours, 'iprange', aggregate?.theirs, { most: 0.8 }, 'ms');
	return rows;
}

/**
 * @param {Figure | undefined} figure
 * @param {number | undefined} bytes
 */
function each(figure, bytes) {
	return figure === undefined || bytes === undefined || Number.isNaN(bytes) ? undefined : bytes / figure.count;
}
