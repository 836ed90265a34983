/** Which driver runs: one table of candidates in order, and a switch that forces one. */
import { AsyncResource } from 'node:async_hooks';
import { debuglog } from 'node:util';
import type { Driver } from './driver.ts';
import { createNativeDriver } from './native.ts';
import { createPortableDriver } from './portable.ts';

const candidates: Record<string, () => Driver | string> = {
	native: createNativeDriver,
	portable: createPortableDriver,
};

/** `NODE_DEBUG=net_loop` tells which driver runs, and why not the one before it. */
const debug = debuglog('net_loop');

let driver: Driver | undefined;
/** Made while this module loads, so that the loop does not run in the context of whoever needs it first. */
const context = new AsyncResource('NETLOOP');

/**
 * The driver of this environment (main thread or worker), made on first use.
 * The native one where it can run, else the portable one: on hosts that are not Node, and where there is no binary or
 * none that loads. `NET_LOOP_DRIVER=native|portable` forces a driver and then fails loudly instead of falling back.
 * @throws Error when the forced driver cannot run here, or its name is unknown.
 */
export function currentDriver(): Driver {
	return (driver ??= context.runInAsyncScope(chooseDriver, undefined, process.env['NET_LOOP_DRIVER']));
}

function chooseDriver(forced: string | undefined): Driver {
	if (forced !== undefined && forced !== '') {
		const candidate = Object.hasOwn(candidates, forced) ? candidates[forced] : undefined;
		if (candidate === undefined) {
			throw new Error(`NET_LOOP_DRIVER=${forced}: no such driver; there are ${Object.keys(candidates).join(', ')}`);
		}
		const made = candidate();
		if (typeof made === 'string') throw new Error(`NET_LOOP_DRIVER=${forced}: ${made}`);
		return made;
	}
	const reasons: string[] = [];
	for (const [name, candidate] of Object.entries(candidates)) {
		const made = candidate();
		if (typeof made !== 'string') {
			debug('driver %s%s', name, reasons.map((reason) => `; ${reason}`).join(''));
			return made;
		}
		reasons.push(`${name}: ${made}`);
	}
	throw new Error(`no driver runs here (${reasons.join('; ')})`);
}
