/** From a host's name to addresses, and on to the attempts. */
import dns from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';

import type { ConnectOptions, LookupFunction, TcpConnectEndpoint } from '@net/address';
import { ERR_INVALID_ADDRESS_FAMILY, ERR_INVALID_IP_ADDRESS } from '@net/errors';
import { isIP } from '@net/ip';

import { getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout } from '../defaults.ts';
import { touch } from '../timeout.ts';
import type { Socket } from '../socket.ts';
import { connectFirst, connectOne } from './attempts.ts';
import type { AttemptList } from './attempts.ts';

/** Where to, after the checks, and what came, for texts of errors. */
interface Target extends TcpConnectEndpoint {
	given: ConnectOptions;
}

/**
 * Resolves the host and connects.
 * @param atOnce - in this call where the host is an address, not in the next tick.
 */
export function connectHost(
	socket: Socket,
	endpoint: TcpConnectEndpoint,
	options: ConnectOptions,
	atOnce: boolean,
): void {
	const target: Target = { ...endpoint, given: options };
	const { family, host } = target;
	if (family !== 0) {
		if (atOnce) return connectAddress(socket, target, host, family);
		process.nextTick(() => {
			if (socket.connecting) connectAddress(socket, target, host, family);
		});
		return;
	}
	const lookupOptions = lookupOptionsOf(options);
	socket._host = host;
	// By property, each time: programs replace dns.lookup to cache names.
	// The type of its callback depends on `all`, which this place does not know.
	const lookup = target.lookup ?? (dns.lookup as LookupFunction);
	const oneFamily = lookupOptions.family === 4 || lookupOptions.family === 6;
	if (!oneFamily && !target.localAddress && (target.autoSelectFamily ?? getDefaultAutoSelectFamily())) {
		lookup(host, { ...lookupOptions, all: true }, (error, addresses) => onAddresses(socket, target, error, addresses));
	} else {
		lookup(host, lookupOptions, (error, address, type) => onAddress(socket, target, error, address, type));
	}
}

function lookupOptionsOf(options: ConnectOptions): LookupOptions {
	const names: Record<string, 4 | 6> = { IPv4: 4, IPv6: 6 };
	const { family } = options;
	// Passed on unchecked, as Node does: it is the lookup that refuses what it does not know.
	const lookupOptions = {
		family: typeof family === 'string' ? (names[family] ?? family) : family,
		hints: options.hints || 0,
	} as Required<Pick<LookupOptions, 'family' | 'hints'>>;
	const oneFamily = lookupOptions.family === 4 || lookupOptions.family === 6;
	if (process.platform !== 'win32' && !oneFamily && lookupOptions.hints === 0) lookupOptions.hints = dns.ADDRCONFIG;
	return lookupOptions;
}

/** One address was asked for. */
function onAddress(socket: Socket, target: Target, error: Error | null, address: unknown, type: unknown): void {
	socket.emit('lookup', error, address, type, target.host);
	// It may have been destroyed meanwhile, or in a listener.
	if (!socket.connecting) return;
	const family = familyOf(type);
	const problem = error ?? addressProblem(target, address, type);
	if (problem) {
		fail(socket, problem);
	} else if (typeof address === 'string' && family !== undefined) {
		touch(socket);
		connectAddress(socket, target, address, family);
	}
}

/** All addresses were asked for. */
function onAddresses(socket: Socket, target: Target, error: Error | null, found: unknown): void {
	if (!socket.connecting) return;
	if (error) {
		socket.emit('lookup', error, undefined, undefined, target.host);
		fail(socket, error);
		return;
	}
	// What is no list fails here as it does on Node: by a TypeError of the loop below.
	const addresses = found as LookupAddress[];
	const usable: UsableAddress[] = [];
	for (const { address, family: type } of addresses) {
		socket.emit('lookup', error, address, type, target.host);
		if (!socket.connecting) return;
		const family = familyOf(type);
		if (typeof address !== 'string' || !isIP(address) || family === undefined) continue;
		if (!usable.some((known) => known.address === address && known.family === family)) usable.push({ address, family });
	}
	const [first, second] = usable;
	if (first === undefined) {
		const problem = addressProblem(target, addresses[0]?.address, addresses[0]?.family);
		if (problem) fail(socket, problem);
		return;
	}
	touch(socket);
	if (second === undefined) {
		connectAddress(socket, target, first.address, first.family);
		return;
	}
	socket.autoSelectFamilyAttemptedAddresses = [];
	const list: AttemptList = {
		addresses: alternate(usable, first.family),
		port: target.port,
		localPort: target.localPort,
		timeoutMs: target.autoSelectFamilyAttemptTimeout ?? getDefaultAutoSelectFamilyAttemptTimeout(),
		errors: [],
		next: 0,
		timer: undefined,
	};
	connectFirst(socket, list);
}

interface UsableAddress {
	address: string;
	family: 4 | 6;
}

/** The families take turns; the first address' family begins. */
function alternate(addresses: readonly UsableAddress[], family: 4 | 6): UsableAddress[] {
	const preferred = addresses.filter((each) => each.family === family);
	const others = addresses.filter((each) => each.family !== family);
	const longer = Math.max(preferred.length, others.length);
	return Array.from({ length: longer }, (_, i) => [preferred[i] ?? [], others[i] ?? []].flat()).flat();
}

function connectAddress(socket: Socket, target: Target, address: string, family: 4 | 6): void {
	const { port, localAddress, localPort } = target;
	connectOne(socket, { address, port, family, localAddress, localPort, list: undefined, index: 0 });
}

/** What is wrong with a lookup's answer. */
function addressProblem(target: Target, address: unknown, type: unknown): Error | undefined {
	if (typeof address !== 'string' || !isIP(address)) return new ERR_INVALID_IP_ADDRESS(address);
	if (familyOf(type) !== undefined) return undefined;
	// Their types are those of good options; the text takes anything.
	return new ERR_INVALID_ADDRESS_FAMILY(type, String(target.given.host), target.given.port as number);
}

/** In the next tick: a lookup may answer at once, and nobody listens yet. */
function fail(socket: Socket, error: Error): void {
	process.nextTick(() => socket.destroy(error));
}

function familyOf(type: unknown): 4 | 6 | undefined {
	return type === 4 || type === 6 ? type : undefined;
}
