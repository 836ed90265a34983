/** Our handles: callbacks, no streams. */
import { listen } from '@net/loop';
import { announce, mode, place, portOf } from './control.mjs';

/** @type {import('@net/loop').Handlers} */
const echo = {
	data(handle, chunk) {
		handle.write(chunk);
	},
};

/** @type {import('@net/loop').Handlers} */
const pipe = {
	data(handle, chunk) {
		if (!handle.write(chunk)) handle.pause();
	},
	drain(handle) {
		handle.resume();
	},
};

const listener = await listen(place, mode === 'pipe' ? pipe : echo);
announce(portOf(listener.local), { driver: process.env['NET_LOOP_DRIVER'] });
