/**
 * `node --import @net/node/register app.js`: the program, its packages and Node's own http run on our sockets, unchanged.
 *
 * Node's modules share one object with everybody who loads `node:net`. What stands in it is replaced, which reaches all that
 * look there when they need something: programs, `http.Agent`, the built-in fetch. Three kinds of code do not look there:
 *
 * - Modules that took what they need when they were loaded, and inherit from it. They are loaded here, before anything
 *   changes, and so keep Node's: tls, https, http2, terminals. `http.Server` alone is given our parent.
 * - Node's own code that makes a `net.Socket` for a native handle (the console, pipes of children). The constructors give it
 *   Node's; see register/constructors.ts.
 * - `tls`, which has to be told about sockets that are no handles of Node's; see register/tls.ts.
 *
 * Nothing is changed with `NET_REGISTER=off`, and where the native driver does not run: there ours would stand on what it
 * replaces. `NODE_DEBUG=net_register` tells what was done, or why nothing.
 */
import cluster from 'node:cluster';
import http from 'node:http';
import 'node:http2';
import 'node:https';
import module from 'node:module';
import nodes from 'node:net';
import tls from 'node:tls';
import 'node:tty';
import { debuglog } from 'node:util';

import { currentDriver, isHostHandle } from '@net/loop';

import { net } from './net.ts';
import { constructorOf } from './register/constructors.ts';
import { Patches } from './register/patches.ts';
import { patchTls } from './register/tls.ts';

const debug = debuglog('net_register');

/** Under this the exports of `node:net` have what was there before: for other copies of these packages. */
const ORIGINAL = Symbol.for('net.original');

const patches = new Patches();

register();

/** Puts ours in the place of `node:net`. Called by the import; again only after `unregister()`. */
export function register(): void {
	const reason = obstacle();
	if (reason !== undefined) {
		debug('nothing is changed: %s', reason);
		return;
	}
	const original = { ...nodes };
	const Socket = constructorOf(net.Socket, original.Socket, isNodesBusiness);
	const Server = constructorOf(net.Server, original.Server, () => false);

	patches.property('net.original', nodes, ORIGINAL, original, true);
	const surface = { ...net, Socket, Stream: Socket, Server };
	for (const [name, value] of Object.entries(surface)) patches.property(`net.${name}`, nodes, name, value);
	patches.property('net.createServer', nodes, 'createServer', createServer);
	for (const name of ['setDefaultAutoSelectFamily', 'setDefaultAutoSelectFamilyAttemptTimeout'] as const) {
		patches.property(`net.${name}`, nodes, name, inBoth<never>(net[name], original[name]));
	}
	for (const [ours, theirs, facade] of [
		[net.Socket.prototype, original.Socket.prototype, Socket],
		[net.Server.prototype, original.Server.prototype, Server],
	] as const) {
		patches.property(`${facade.name}.prototype.constructor`, ours, 'constructor', facade, true);
		// Node's tls calls such members by `net.Socket.prototype`, on sockets of its own.
		for (const key of Object.getOwnPropertySymbols(theirs)) {
			if (!(key in ours))
				patches.property(`${facade.name}.prototype[${String(key)}]`, ours, key, Reflect.get(theirs, key), true);
		}
	}

	patches.prototype('http.Server', http.Server, Server);
	patches.prototype('http.Server.prototype', http.Server.prototype, net.Server.prototype);
	// Node 20's agent has taken net's when it was loaded, later ones ask.
	const agent = http.Agent.prototype;
	if (Reflect.get(agent, 'createConnection') === original.createConnection) {
		patches.property('http.Agent.prototype.createConnection', agent, 'createConnection', net.createConnection);
	}
	patchTls(patches, tls.TLSSocket.prototype, net.Socket);
	module.syncBuiltinESMExports();
}

/**
 * Takes everything back: who asks from now on gets Node's own. Sockets and servers that are there stay what they are. What
 * a program has put in the place of ours meanwhile stays as well.
 */
export function unregister(): void {
	patches.undo();
	module.syncBuiltinESMExports();
	debug('taken back');
}

/** @returns why nothing is to be changed. */
function obstacle(): string | undefined {
	if (process.env['NET_REGISTER'] === 'off') return 'NET_REGISTER=off';
	const driver = currentDriver().name;
	if (driver !== 'native') return `the driver is ${driver}; NODE_DEBUG=net_loop tells why`;
	const before: unknown = Reflect.get(nodes, ORIGINAL);
	if (before === undefined) return undefined;
	return 'it is done already';
}

/** Native handles other than TCP are wrapped by Node's modules for the console, for children, for streams of JavaScript. */
function isNodesBusiness(given: unknown): boolean {
	if (typeof given === 'number') return given <= STDERR;
	if (typeof given !== 'object' || given === null) return false;
	const { fd, handle }: { fd?: unknown; handle?: unknown } = given;
	if (handle === undefined || handle === null) return typeof fd === 'number' && fd <= STDERR;
	return isHostHandle(handle) ? handle.constructor.name !== 'TCP' : 'isStreamBase' in Object(handle);
}

/** A cluster's primary accepts for its workers by a server whose native handle it takes out: it keeps Node's. */
function createServer(...args: Parameters<typeof nodes.createServer>): unknown {
	const { createServer: create } = hasWorkers() ? Reflect.get(nodes, ORIGINAL) : net;
	return Reflect.apply(create, nodes, args);
}

function hasWorkers(): boolean {
	return cluster.isPrimary && Object.keys(cluster.workers ?? {}).length > 0;
}

/** A default that Node's own sockets, which tls has, are to know as well. */
function inBoth<Value>(
	ours: (value: Value) => void,
	theirs: ((value: Value) => void) | undefined,
): (value: Value) => void {
	return (value) => {
		ours(value);
		theirs?.(value);
	};
}

const STDERR = 2;
