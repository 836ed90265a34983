/** What a person sees while it runs and at the end. Progress goes to stderr, results to stdout. */

const { stderr } = process;
let prefix = '';

/** @param {string} text - which case of how many runs; shown before all progress. */
export function setProgressPrefix(text) {
	prefix = text;
}

/**
 * On a terminal one line that is updated; else a line each time.
 * @param {string} text
 */
export function showProgress(text) {
	const line = `${prefix}${text}`;
	if (!stderr.isTTY) stderr.write(`${line}\n`);
	else stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
}

/** Takes the updated line away, so that something else can be written. */
export function clearProgress() {
	if (stderr.isTTY) stderr.write('\r\x1b[K');
}

/**
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 * @param {number} [left] - so many columns are aligned to the left, the others to the right.
 * @returns {string}
 */
export function formatTable(columns, rows, left = 1) {
	const widths = columns.map((column, i) => Math.max(3, column.length, ...rows.map((row) => row[i]?.length ?? 0)));
	/** @param {(width: number, i: number) => string} cell */
	const line = (cell) => `| ${widths.map(cell).join(' | ')} |`;
	/** @param {readonly string[]} row */
	const rowLine = (row) =>
		line((width, i) => (i < left ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width)));
	const rule = line((width, i) => (i < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
	return [rowLine(columns), rule, ...rows.map(rowLine)].join('\n');
}

/**
 * @param {number | undefined} value
 * @param {number} digits - behind the point.
 */
export function formatNumber(value, digits) {
	return value === undefined || Number.isNaN(value)
		? '–'
		: value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {number} bytes */
export function formatMegabytes(bytes) {
	return formatNumber(bytes / 1e6, 1);
}
