/** What goes with a list, and with a rule that is given as one text. */
import {
	ERR_OUT_OF_RANGE,
	validateBoolean,
	validateNumber,
	validateObject,
	validateString,
	validateUint32,
} from '@net/errors';
import { putText } from './arguments.ts';
import { RuleBatch } from './batch.ts';

/** Options of `new BlockList()`. */
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

/** A batch of one rule: an address, a prefix, or a range `a-b`. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function batchOf(rule: string, options: RuleOptions): RuleBatch {
	validateObject(options, 'options');
	const { label = '', source = '', line = 0, expiresAt = Infinity, exception = false } = options;
	validateString(label, 'options.label');
	validateString(source, 'options.source');
	validateUint32(line, 'options.line');
	validateNumber(expiresAt, 'options.expiresAt');
	// By it, nothing would come before or after anything.
	if (Number.isNaN(expiresAt)) throw new ERR_OUT_OF_RANGE('options.expiresAt', 'a time', expiresAt);
	validateBoolean(exception, 'options.exception');
	const batch = new RuleBatch(1);
	batch.label = batch.labelId(label);
	batch.source = batch.sourceId(source);
	batch.line = line;
	batch.expiresAt = expiresAt;
	batch.exception = exception;
	putText(batch, rule);
	return batch;
}
