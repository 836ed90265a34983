/**
 * Differences from `node:net` that are accepted, with the reason. A row names the whole lane that we give instead, so
 * that it hides nothing else; a row whose scenario does not differ that way any more fails the run.
 */
import type { Driver } from './target.ts';
import type { Trace } from './trace.ts';

export interface AcceptedDifference {
	/** The scenario's name. */
	readonly scenario: string;
	/** Default: both drivers. */
	readonly drivers?: readonly Driver[];
	/** Default: every Node. */
	readonly majors?: readonly string[];
	readonly reason: string;
	/** The lanes that differ, as ours are. */
	readonly lanes: Trace;
}

export const acceptedDifferences: readonly AcceptedDifference[] = [];
