/**
 * A preload, behind register's: whose the sockets of a program were, and what they carried. Written as JSON to the file
 * that PROGRAM_WITNESS names when the program ends. It changes nothing: no listener, no patch.
 */
import { AsyncResource, createHook } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { Socket } from '@net/socket';

/**
 * @typedef {object} Testimony
 * @property {Count} clients - sockets that connected.
 * @property {Count} servers - sockets that were accepted.
 * @property {number} foreign - sockets of both kinds that are not of our class.
 * @property {Record<string, number>} nodeHandles - Node's own network handles that were made, by kind.
 * @property {string[]} warnings - what `process.emitWarning` was told, without paths and numbers of processes.
 *
 * @typedef {{ sockets: number, bytesRead: number, bytesWritten: number }} Count - of sockets of our class.
 *
 * @typedef {{ bytesRead: number, bytesWritten: number }} Carrier - what this file reads of a socket of whatever class.
 */

/** Kinds of handles of Node's that carry or accept bytes; a console on a pipe makes a PIPEWRAP, which says nothing. */
const kinds = new Set(['TCPWRAP', 'TCPSERVERWRAP', 'TCPCONNECTWRAP', 'PIPESERVERWRAP', 'PIPECONNECTWRAP']);

const file = process.env['PROGRAM_WITNESS'];
delete process.env['PROGRAM_WITNESS'];

/** @type {{ clients: Carrier[], servers: Carrier[] }} kept to the end, when their counters have the last word */
const seen = { clients: [], servers: [] };
/** @type {Record<string, number>} */
const nodeHandles = {};
/** @type {string[]} */
const warnings = [];

diagnostics.subscribe('net.client.socket', (message) => seen.clients.push(socketOf(message)));
diagnostics.subscribe('net.server.socket', (message) => seen.servers.push(socketOf(message)));
createHook({
	init(_id, kind, _trigger, resource) {
		// Under these names ours are announced as well.
		if (kinds.has(kind) && !(resource instanceof AsyncResource)) nodeHandles[kind] = (nodeHandles[kind] ?? 0) + 1;
	},
}).enable();
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));

if (file !== undefined) process.on('exit', () => writeFileSync(file, JSON.stringify(testify())));

/** @returns {Testimony} */
function testify() {
	const foreign = [...seen.clients, ...seen.servers].filter((socket) => !(socket instanceof Socket)).length;
	return { clients: count(seen.clients), servers: count(seen.servers), foreign, nodeHandles, warnings };
}

/** @param {Carrier[]} sockets @returns {Count} */
function count(sockets) {
	const ours = sockets.filter((socket) => socket instanceof Socket);
	return {
		sockets: ours.length,
		bytesRead: ours.reduce((sum, socket) => sum + socket.bytesRead, 0),
		bytesWritten: ours.reduce((sum, socket) => sum + socket.bytesWritten, 0),
	};
}

/** @param {any} message - both channels publish `{ socket }`, which their types do not say. @returns {Carrier} */
function socketOf(message) {
	return message.socket;
}
