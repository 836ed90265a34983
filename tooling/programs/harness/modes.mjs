/** The ways in which a program is run: on which Node, and over whose sockets. */
import { findNode, nativeIsBuilt, nodeIsMissing } from '@tooling/test/nodes';

/**
 * @typedef {'plain' | 'ours'} Mode - over Node's own sockets, which is the baseline, or over ours by register.
 */

/** @type {readonly Mode[]} */
export const modes = ['plain', 'ours'];

/** @type {readonly string[]} */
export const majors = ['20', '22', '24', '26'];

/**
 * Why a program cannot be run so on this machine; undefined where it can.
 * @param {string} major
 * @param {Mode} mode
 */
export function lack(major, mode) {
	if (findNode(major) === undefined) return nodeIsMissing;
	// Without it register changes nothing.
	if (mode === 'ours' && !nativeIsBuilt()) return 'the native driver is not built (cargo builds it)';
	return undefined;
}

/** @param {Mode} mode - options for node: what a user would type. @returns {string[]} */
export function preloads(mode) {
	return mode === 'plain' ? [] : ['--import', '@net/node/register'];
}
