/** Prints Node's errors, each as a public function throws or emits it. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { describe } from '../support/description.ts';
import type { Description } from '../support/description.ts';

/** What a call throws, rejects with, or its result emits. */
async function caught(call: () => unknown): Promise<Description> {
	try {
		const result = call();
		// At once, or the event is missed.
		if (result instanceof net.Socket || result instanceof net.Server) {
			return await new Promise((resolve) => result.once('error', (error) => resolve(describe(error))));
		}
		return describe(await result);
	} catch (error) {
		return describe(error);
	}
}

const lookup = (address: unknown, family: number) => ({
	port: 1,
	host: 'a.invalid',
	family: 4 as const,
	// Wrong on purpose.
	lookup: (_host: string, _options: object, callback: (...args: never[]) => void) =>
		Reflect.apply(callback, undefined, [null, address, family]),
});

/** On an abstract Unix socket, since a host would be looked up first. */
function listening(): net.Server {
	return net.createServer().listen(`\0net-errors-${process.pid}`).unref();
}

const loopback = new net.BlockList();
loopback.addSubnet('127.0.0.0', 8);

const cases: Record<string, () => unknown> = {
	missingAlternatives: () => Reflect.apply(net.connect, net, []),
	missingOne: () => Reflect.apply(new URLSearchParams().get, new URLSearchParams(), []),
	missingTwo: () => Reflect.apply(new URLSearchParams().set, new URLSearchParams(), []),
	missingThree: () => Reflect.apply(dns.lookupService, dns, []),
	oneOfTypes: () => net.connect({ port: true as never }),
	typeOrClasses: () => new net.Socket().write(5 as never),
	classes: () => Buffer.concat([5 as never]),
	phrase: () => net.connect({ port: 1, blockList: 5 as never }),
	ordinal: () => Buffer.from(5 as never),
	valueOfArgument: () => net.createServer().listen({ a: { b: { c: {} } }, text: 'x'.repeat(200) } as never),
	valueOfProperty: () => net.connect({ port: 1, objectMode: true } as never),
	badPort: () => net.connect(70_000),
	badPortZero: () => dgram.createSocket('udp4').unref().connect(0),
	address: () => new net.SocketAddress({ address: 'x' }),
	ipAddress: () => net.connect({ port: 1, localAddress: 'x' }),
	ipAddressObject: () => net.connect({ port: 1, localAddress: {} as never }),
	family: () => net.connect(lookup('127.0.0.1', 5)),
	blocked: () => net.connect({ port: 1, host: '127.0.0.1', blockList: loopback }),
	encoding: () => new net.Socket().setEncoding('odd' as never),
	alreadyListening: () => listening().listen(0),
	notRunning: () => new Promise((_, reject) => net.createServer().close(reject)),
	closed: () => new Promise((_, reject) => new net.Socket().on('error', reject).resetAndDestroy()),
	closedBefore: () =>
		new Promise((_, reject) => {
			const socket = net.connect(1, '127.0.0.1').on('error', () => undefined);
			socket.write('x', reject);
			socket.destroy();
		}),
	handleType: () =>
		net
			.connect('/nonexistent/path')
			.on('error', () => undefined)
			.resetAndDestroy(),
	destroyed: () => new Promise((_, reject) => new net.Socket().destroy().write('x', reject)),
	nullValues: () => new net.Socket().write(null as never),
	afterEnd: () => new Promise((_, reject) => new net.Socket().on('error', reject).end().write('x')),
	adopted: () => {
		const BoundSocket = Reflect.get(net, 'BoundSocket');
		const bound = new BoundSocket({ host: '127.0.0.1' });
		const server = net.createServer().listen(bound);
		try {
			return net.createServer().listen(bound);
		} finally {
			server.close();
		}
	},
	abort: () => {
		const controller = new AbortController();
		const socket = new net.Socket({ signal: controller.signal });
		controller.abort('reason');
		return socket;
	},
};

const answers: Record<string, Description> = {};
for (const [name, call] of Object.entries(cases)) answers[name] = await caught(call);
process.stdout.write(JSON.stringify(answers));
// What listens and connects still is of no further use.
process.exitCode = 0;
setTimeout(() => process.exit(), 0);
