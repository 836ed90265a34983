/** Prints what Node's own checks throw at each of the values. */
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import { thrownBy } from '../support/description.ts';
import { values } from '../support/values.ts';

/** Public functions, each with one check in front. The values are wrong on purpose, hence `never`. */
const checks: Record<string, (value: never) => unknown> = {
	string: (value) => new net.BlockList().check(value),
	boolean: (value) => net.setDefaultAutoSelectFamily(value),
	function: (value) => new net.Socket().setTimeout(0, value),
	object: (value) => new net.SocketAddress(value),
	number: (value) => net.createServer({ keepAliveInitialDelay: value }),
	int32: (value) => net.setDefaultAutoSelectFamilyAttemptTimeout(value),
	byte: (value) => Reflect.apply(Reflect.get(net.Socket.prototype, 'setTypeOfService'), new net.Socket(), [value]),
	uint32: (value) => !isFlowLabel(value) && new net.SocketAddress({ flowlabel: value }),
	timeout: (value) => new net.Socket().setTimeout(value).setTimeout(0),
	port: (value) => new net.SocketAddress({ port: value }),
	signal: (value) => value && new net.Socket({ signal: value }),
	buffer: (value) => !ArrayBuffer.isView(value) && fs.readSync(0, value),
	oneOf: (value) => dns.setDefaultResultOrder(value),
};

/** Node 26 aborts at some of these. */
function isFlowLabel(value: unknown): boolean {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}

process.on('warning', () => undefined);
const answers = Object.entries(checks).map(([name, check]) => [
	name,
	// Null says that nothing was thrown.
	values.map((value) => thrownBy(() => check(value as never)) ?? null),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
