/** Our handles: callbacks, no streams. */
import { listen } from '@net/loop';
import { announce, mode, place } from './control.mjs';

/** @type {import('@net/loop').ListenHandlers} */
const echo = {
	data(connection, chunk) {
		connection.write(chunk);
	},
};

/** @type {import('@net/loop').ListenHandlers} */
const pipe = {
	data(connection, chunk) {
		if (!connection.write(chunk)) connection.pause();
	},
	drain(connection) {
		connection.resume();
	},
};

const acceptor = await listen(place, mode === 'pipe' ? pipe : echo);
announce(acceptor.port ?? 0, { driver: process.env['NET_LOOP_DRIVER'] });
