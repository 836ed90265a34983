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
 * - `tls`, which has to be told about sockets that are no handles of Node's, and `http2.connect`, which is better off with
 *   Node's, and `child.send`, which sends none but Node's; see register/tls.ts, register/http2.ts, register/children.ts.
 *
 * Nothing is changed with `NET_REGISTER=off`, and where the native driver does not run: there ours would stand on what it
 * replaces. `NODE_DEBUG=net_register` tells what was done, or why nothing.
 */
import { ChildProcess } from 'node:child_process';
import cluster from 'node:cluster';
import module, { createRequire } from 'node:module';
import nodes from 'node:net';
import { debuglog } from 'node:util';

import { Handle, currentDriver, isHostHandle } from '@net/loop';
import { BoundSocket } from '@net/socket';

import { patchChildren } from './register/children.ts';
import { constructorOf } from './register/constructors.ts';
import { patchHttp2 } from './register/http2.ts';
import { lazyClass } from './register/lazy.ts';
import { Patches } from './register/patches.ts';
import { patchTls } from './register/tls.ts';
import { surface } from './surface.ts';

const debug = debuglog('net_register');
// Not by import, which would ask each of these modules for all it exports: behind some of http's is the whole of fetch.
const require = createRequire(import.meta.url);

/** Under this the exports of `node:net` have what was there before: for other copies of these packages. */
const ORIGINAL = Symbol.for('net.original');

const patches = new Patches();

const { BlockList: NodesBlockList, Socket: NodesSocket } = nodes;
/** Its package is as large as all the others together, and few ask for it. */
const BlockList: object = lazyClass(() => {
	const { BlockList: ours }: typeof import('@net/blocklist') = require('@net/blocklist');
	patches.property('BlockList.prototype.constructor', ours.prototype, 'constructor', BlockList, true);
	// By such members, which each of Node's lists has, dgram tells what is one.
	const theirs = new NodesBlockList();
	for (const key of Object.getOwnPropertySymbols(theirs)) {
		patches.property(`BlockList.prototype[${String(key)}]`, ours.prototype, key, Reflect.get(theirs, key), true);
	}
	return ours;
});

register();

/** Puts ours in the place of `node:net`. Done by the import; to be called only after `unregister()`. */
export function register(): void {
	const reason = obstacle();
	if (reason !== undefined) {
		debug('nothing is changed: %s', reason);
		return;
	}
	const http: typeof import('node:http') = require('node:http');
	const { TLSSocket }: typeof import('node:tls') = require('node:tls');
	const http2: typeof import('node:http2') = require('node:http2');
	for (const name of ['node:https', 'node:tty']) require(name);

	const original = { ...nodes, from: import.meta.url };
	const Socket = constructorOf(surface.Socket, original.Socket, isNodesBusiness);
	const Server = constructorOf(surface.Server, original.Server, () => false);
	patches.property('net.original', nodes, ORIGINAL, original, true);
	const replaced = {
		...surface,
		Socket,
		Stream: Socket,
		Server,
		createServer,
		BlockList,
		setDefaultAutoSelectFamily: inBoth(surface.setDefaultAutoSelectFamily, original.setDefaultAutoSelectFamily),
		setDefaultAutoSelectFamilyAttemptTimeout: inBoth(
			surface.setDefaultAutoSelectFamilyAttemptTimeout,
			original.setDefaultAutoSelectFamilyAttemptTimeout,
		),
	};
	for (const [name, value] of Object.entries(replaced)) patches.property(`net.${name}`, nodes, name, value);
	shareMembers('Socket.prototype', surface.Socket.prototype, original.Socket.prototype, Socket);
	shareMembers('Server.prototype', surface.Server.prototype, original.Server.prototype, Server);

	patches.prototype('http.Server', http.Server, Server);
	patches.prototype('http.Server.prototype', http.Server.prototype, surface.Server.prototype);
	// Node 20's agent has taken net's when it was loaded, later ones ask.
	const agent = http.Agent.prototype;
	if (Reflect.get(agent, 'createConnection') === original.createConnection) {
		patches.property('http.Agent.prototype.createConnection', agent, 'createConnection', surface.createConnection);
	}
	patchTls(patches, TLSSocket.prototype, surface.Socket);
	patchHttp2(patches, http2, surface.connect, original.connect);
	patchChildren(patches, ChildProcess.prototype);
	module.syncBuiltinESMExports();
}

/**
 * Takes everything back: who asks from now on gets Node's own. Sockets and servers that are there stay what they are. What
 * a program has put in the place of ours meanwhile stays as well.
 */
export function unregister(): void {
	if (!patches.some) return;
	patches.undo();
	module.syncBuiltinESMExports();
}

/** @returns why nothing is to be changed. */
function obstacle(): string | undefined {
	if (process.env['NET_REGISTER'] === 'off') return 'NET_REGISTER=off';
	const before: { from?: string } | undefined = Reflect.get(nodes, ORIGINAL);
	if (before !== undefined) {
		if (before.from !== import.meta.url) {
			process.emitWarning(`@net/node/register is done already, by ${before.from}; ${import.meta.url} does nothing`);
		}
		return 'it is done already';
	}
	const driver = currentDriver().name;
	return driver === 'native' ? undefined : `the driver is ${driver}; NODE_DEBUG=net_loop tells why`;
}

/** What tells a class, and what Node's own modules look for in the prototype, on sockets and servers of Node's. */
function shareMembers(name: string, ours: object, theirs: object, facade: unknown): void {
	patches.property(`${name}.constructor`, ours, 'constructor', facade, true);
	for (const key of Object.getOwnPropertySymbols(theirs)) {
		if (!(key in ours)) patches.property(`${name}[${String(key)}]`, ours, key, Reflect.get(theirs, key), true);
	}
}

/**
 * Native handles other than TCP are wrapped by Node's modules for the console, for children, for streams of JavaScript; and a
 * program may have written a handle by itself, which only Node's sockets know how to use.
 */
function isNodesBusiness(given: unknown): boolean {
	if (typeof given === 'number') return given <= STDERR;
	if (typeof given !== 'object' || given === null) return false;
	const { fd, handle }: { fd?: unknown; handle?: unknown } = given;
	if (handle === undefined || handle === null) return typeof fd === 'number' && fd <= STDERR;
	if (isHostHandle(handle)) return handle.constructor.name !== 'TCP';
	return typeof handle === 'object' && !takenHandles.some((kind) => handle instanceof kind);
}

/** A cluster's primary accepts for its workers by a server whose native handle it takes out: it keeps Node's. */
function createServer(...args: Parameters<typeof nodes.createServer>): unknown {
	const { createServer: create } = hasWorkers() ? Reflect.get(nodes, ORIGINAL) : surface;
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
/** What our sockets take as their handle, and native handles. */
const takenHandles = [Handle, BoundSocket, NodesSocket];
