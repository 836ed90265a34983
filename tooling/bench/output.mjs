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
 * @param {readonly string[]} columns - the first one is aligned to the left, the others to the right.
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function formatTable(columns, rows) {
	const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
	/** @param {readonly string[]} row */
	const line = (row) =>
		`| ${widths.map((width, i) => (i === 0 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width))).join(' | ')} |`;
	const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
	return [line(columns), rule, ...rows.map(line)].join('\n');
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
