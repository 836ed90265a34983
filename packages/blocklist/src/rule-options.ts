/** What goes with a list, and with a rule that is given as one text. */
import { putText } from './arguments.ts';
import { RuleBatch } from './batch.ts';

export interface BlockListOptions {
	/** The clock that `expiresAt` is compared with, in milliseconds since 1970. Default: `Date.now`. */
	now?: () => number;
	/** Whether to count, for each rule, the checks that it decided; they then cost as much as `match`. Default: no. */
	countHits?: boolean;
}

/** What may go with a rule that `add` adds. */
export interface RuleOptions {
	/** Shown by `match`, as all but `exception` are. */
	label?: string;
	/** Where the rule comes from: the name of a file. */
	source?: string;
	/** Its line there, from 1 on. */
	line?: number;
	/** In milliseconds since 1970: the rule is removed when the list's clock has reached it. */
	expiresAt?: number;
	/** It lets pass what wider rules block; narrower rules block again. Default: false. */
	exception?: boolean;
}

/** A batch of one rule: an address, a prefix, or a range `a-b`. */
export function batchOf(rule: string, options: RuleOptions): RuleBatch {
	const batch = new RuleBatch(1);
	batch.label = batch.labelId(options.label ?? '');
	batch.source = batch.sourceId(options.source ?? '');
	batch.line = options.line ?? 0;
	batch.expiresAt = options.expiresAt ?? Infinity;
	batch.exception = options.exception ?? false;
	putText(batch, rule);
	return batch;
}
