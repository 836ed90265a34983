/** What holds for sockets that do not say otherwise; node's command line has a say (`--no-network-family-autoselection`). */
import net from 'node:net';

import { validateBoolean, validateInt32 } from '@net/errors';

/** An attempt is never given up sooner, in milliseconds. */
export const SHORTEST_ATTEMPT_MS = 10;

const ATTEMPT_TIMEOUT_OPTION = '--network-family-autoselection-attempt-timeout';
const ATTEMPT_TIMEOUT_MS = 500;

// Node's own values at start: its command line options are in them.
let autoSelectFamily = net.getDefaultAutoSelectFamily?.() ?? true;
let attemptTimeoutMs = initialAttemptTimeout();

/** Whether sockets try all addresses of a name (Happy Eyeballs). Default: true. Node: net.getDefaultAutoSelectFamily (v19.4.0). */
export function getDefaultAutoSelectFamily(): boolean {
	return autoSelectFamily;
}

/** @throws ERR_INVALID_ARG_TYPE. Node: net.setDefaultAutoSelectFamily (v19.4.0). */
export function setDefaultAutoSelectFamily(value: boolean): void {
	validateBoolean(value, 'value');
	autoSelectFamily = value;
}

/**
 * How long one address may take before the next one is tried, in milliseconds. Default: 500.
 * Node: net.getDefaultAutoSelectFamilyAttemptTimeout (v19.8.0).
 */
export function getDefaultAutoSelectFamilyAttemptTimeout(): number {
	return attemptTimeoutMs;
}

/**
 * @param value - milliseconds; less than 10 is taken as 10.
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE below 1. Node: net.setDefaultAutoSelectFamilyAttemptTimeout (v19.8.0).
 */
export function setDefaultAutoSelectFamilyAttemptTimeout(value: number): void {
	validateInt32(value, 'value', 1);
	attemptTimeoutMs = Math.max(value, SHORTEST_ATTEMPT_MS);
}

function initialAttemptTimeout(): number {
	const given = process.execArgv.some((argument) => argument.startsWith(ATTEMPT_TIMEOUT_OPTION));
	const inEnvironment = process.env['NODE_OPTIONS']?.includes(ATTEMPT_TIMEOUT_OPTION) === true;
	return given || inEnvironment ? net.getDefaultAutoSelectFamilyAttemptTimeout() : ATTEMPT_TIMEOUT_MS;
}
