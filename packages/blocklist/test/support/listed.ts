/** Rules of a batch as texts, for tests. */
import { formatIPv4, formatIPv6 } from '@net/ip';
import type { RuleBatch } from '@net/blocklist';
import { KIND } from '@net/blocklist';

/** One text a rule, `10.0.0.0/8 label@line`. */
export function listed(batch: RuleBatch, withLines = false): string[] {
	return Array.from({ length: batch.length }, (_, row) => {
		const label = batch.labelOf(row);
		const where = withLines ? `@${batch.lineOf(row)}` : '';
		return `${ruleText(batch, row)}${label === undefined ? '' : ` ${label}`}${where}`;
	});
}

function ruleText(batch: RuleBatch, row: number): string {
	const first = new Uint32Array(4);
	const last = new Uint32Array(4);
	batch.readAddress(row, first);
	batch.readLast(row, last);
	const format = (words: Uint32Array): string => (batch.isIPv4(row) ? formatIPv4(words[3] ?? 0) : formatIPv6(words));
	if (batch.kind(row) === KIND.subnet) return `${format(first)}/${batch.prefix(row)}`;
	return batch.kind(row) === KIND.range ? `${format(first)}-${format(last)}` : format(first);
}
