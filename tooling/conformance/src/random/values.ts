/** The values that calls are given, by the text that stands for them in a printed sequence. */

/** What values are made from, for the object that is called. */
export interface Context {
	/** The port that this server listens on, or listened on last; port 1, where nobody listens, if it never did. */
	port(server: string): number;
	/** A path for this server, in the sequence's own folder. */
	path(server: string): string;
	/** A signal that belongs to the object that is called; `abort()` on that object aborts it. */
	signal(aborted?: boolean): AbortSignal;
	/** A function that records that it was called, and with what. */
	callback(): (...values: unknown[]) => void;
	/** An error that the sequence made, and not the net. */
	error(): Error;
	/** Records what the `onread` option delivers. */
	received(text: string): void;
	/** The object itself. */
	self(): unknown;
}

type Make = (context: Context) => unknown;
type Answer = (error: Error | null, address: unknown, family?: number) => void;

/** Takes its time as `defer` says, and answers with one address, or with all when it is asked for all. */
function lookup(
	defer: (answer: () => void) => void,
	addresses: readonly { address: unknown; family: number }[],
): unknown {
	return (_host: string, options: { all?: boolean }, answer: Answer): void => {
		const [first] = addresses;
		defer(() => {
			if (options.all === true) answer(null, addresses);
			else answer(null, first?.address, first?.family);
		});
	};
}

/** Long enough for a socket that is destroyed meanwhile to be closed. */
function later(answer: () => void): void {
	setImmediate(() => setImmediate(() => setImmediate(answer)));
}

function failing(_host: string, _options: object, answer: Answer): void {
	process.nextTick(answer, Object.assign(new Error('looked up in vain'), { code: 'ENOTFOUND' }));
}

const ipv4 = { address: '127.0.0.1', family: 4 };
// The servers of sequences listen on IPv4 alone: this one refuses.
const ipv6 = { address: '::1', family: 6 };

export const values: Readonly<Record<string, Make>> = {
	undefined: () => undefined,
	null: () => null,
	true: () => true,
	false: () => false,
	'0': () => 0,
	'1': () => 1,
	'2': () => 2,
	'3': () => 3,
	'5': () => 5,
	'16': () => 16,
	'256': () => 256,
	'1000': () => 1000,
	'2000': () => 2000,
	'65536': () => 65536,
	'100000': () => 100_000,
	'-1': () => -1,
	'1.5': () => 1.5,
	NaN: () => NaN,
	Infinity: () => Infinity,
	"''": () => '',
	"'x'": () => 'x',
	"'16'": () => '16',
	"'abc'": () => 'abc',
	"'hello, world'": () => 'hello, world',
	"'ä€'": () => 'ä€',
	"'616263'": () => '616263',
	"'utf8'": () => 'utf8',
	"'latin1'": () => 'latin1',
	"'hex'": () => 'hex',
	"'utf16le'": () => 'utf16le',
	"'nonsense'": () => 'nonsense',
	"'127.0.0.1'": () => '127.0.0.1',
	"'error'": () => 'error',
	"'end'": () => 'end',
	"'data'": () => 'data',
	"'close'": () => 'close',
	"'connect'": () => 'connect',
	"'text'": () => 'text',
	"'x'.repeat(5000)": () => 'x'.repeat(5000),
	"'x'.repeat(20_000)": () => 'x'.repeat(20_000),
	"Buffer.from('bytes')": () => Buffer.from('bytes'),
	'Buffer.alloc(0)': () => Buffer.alloc(0),
	'new Uint8Array([65, 66])': () => new Uint8Array([65, 66]),
	'new Uint16Array([65, 66])': () => new Uint16Array([65, 66]),
	'new DataView(new ArrayBuffer(2))': () => new DataView(new ArrayBuffer(2)),
	'{}': () => ({}),
	'[]': () => [],
	"Symbol('s')": () => Symbol('s'),
	callback: (context) => context.callback(),
	error: (context) => context.error(),
	self: (context) => context.self(),

	// ── What to connect to and to listen on.
	's0.port': (context) => context.port('s0'),
	's0.path': (context) => context.path('s0'),
	's1.path': (context) => context.path('s1'),
	"'/nowhere/at/all'": () => '/nowhere/at/all',
	"{ port: s0.port, host: '127.0.0.1' }": (context) => ({ port: context.port('s0'), host: '127.0.0.1' }),
	"{ port: String(s0.port), host: '127.0.0.1' }": (context) => ({
		port: String(context.port('s0')),
		host: '127.0.0.1',
	}),
	"{ port: s0.port, host: '127.0.0.1', localAddress: '127.0.0.1' }": (context) => ({
		port: context.port('s0'),
		host: '127.0.0.1',
		localAddress: '127.0.0.1',
	}),
	"{ port: s0.port, host: '127.0.0.1', localAddress: 'x' }": (context) => ({
		port: context.port('s0'),
		host: '127.0.0.1',
		localAddress: 'x',
	}),
	"{ port: s0.port, host: '127.0.0.1', allowHalfOpen: true }": (context) => ({
		port: context.port('s0'),
		host: '127.0.0.1',
		allowHalfOpen: true,
	}),
	"{ port: s0.port, host: '127.0.0.1', timeout: 100_000 }": (context) => ({
		port: context.port('s0'),
		host: '127.0.0.1',
		timeout: 100_000,
	}),
	"{ port: s0.port, host: '127.0.0.1', signal }": (context) => ({
		port: context.port('s0'),
		host: '127.0.0.1',
		signal: context.signal(),
	}),
	"{ port: s0.port, host: 'name.test', lookup: atOnce }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: lookup((answer) => answer(), [ipv4]),
	}),
	"{ port: s0.port, host: 'name.test', lookup: nextTick }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: lookup((answer) => process.nextTick(answer), [ipv4]),
	}),
	"{ port: s0.port, host: 'name.test', lookup: later }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: lookup(later, [ipv4]),
	}),
	"{ port: s0.port, host: 'name.test', family: 4, lookup: later }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		family: 4,
		lookup: lookup(later, [ipv4]),
	}),
	"{ port: s0.port, host: 'two.test', lookup: nextTick }": (context) => ({
		port: context.port('s0'),
		host: 'two.test',
		lookup: lookup((answer) => process.nextTick(answer), [ipv6, ipv4]),
	}),
	"{ port: s0.port, host: 'two.test', autoSelectFamily: false, lookup: nextTick }": (context) => ({
		port: context.port('s0'),
		host: 'two.test',
		autoSelectFamily: false,
		lookup: lookup((answer) => process.nextTick(answer), [ipv6, ipv4]),
	}),
	"{ port: 1, host: 'two.test', lookup: nextTick }": () => ({
		port: 1,
		host: 'two.test',
		lookup: lookup((answer) => process.nextTick(answer), [ipv4, ipv6]),
	}),
	"{ port: s0.port, host: 'name.test', lookup: failing }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: failing,
	}),
	"{ port: s0.port, host: 'name.test', lookup: noAddress }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: lookup((answer) => process.nextTick(answer), [{ address: 'x', family: 4 }]),
	}),
	"{ port: s0.port, host: 'name.test', lookup: 5 }": (context) => ({
		port: context.port('s0'),
		host: 'name.test',
		lookup: 5,
	}),
	"{ port: 1, host: '127.0.0.1' }": () => ({ port: 1, host: '127.0.0.1' }),
	"{ port: 1, host: '::1' }": () => ({ port: 1, host: '::1' }),
	'{ port: 70_000 }': () => ({ port: 70_000 }),
	'{ port: -1 }': () => ({ port: -1 }),
	"{ port: 'x' }": () => ({ port: 'x' }),
	'{ port: 1, host: 5 }': () => ({ port: 1, host: 5 }),
	"{ port: 0, host: '127.0.0.1' }": () => ({ port: 0, host: '127.0.0.1' }),
	"{ port: 0, host: '127.0.0.1', backlog: 5, exclusive: true }": () => ({
		port: 0,
		host: '127.0.0.1',
		backlog: 5,
		exclusive: true,
	}),
	"{ port: 0, host: '127.0.0.1', signal }": (context) => ({ port: 0, host: '127.0.0.1', signal: context.signal() }),
	"{ port: 0, host: '127.0.0.1', signal: aborted }": (context) => ({
		port: 0,
		host: '127.0.0.1',
		signal: context.signal(true),
	}),
	"{ port: 0, host: '127.0.0.1', signal: 5 }": () => ({ port: 0, host: '127.0.0.1', signal: 5 }),
	"{ port: 0, host: '192.0.2.1' }": () => ({ port: 0, host: '192.0.2.1' }),
	"{ path: '/nowhere/at/all' }": () => ({ path: '/nowhere/at/all' }),
	'{ path: s0.path }': (context) => ({ path: context.path('s0') }),
	'{ path: s0.path, allowHalfOpen: true }': (context) => ({ path: context.path('s0'), allowHalfOpen: true }),
	'{ path: s0.path, signal }': (context) => ({ path: context.path('s0'), signal: context.signal() }),
	'{ path: s0.path, timeout: 100_000 }': (context) => ({ path: context.path('s0'), timeout: 100_000 }),
	'{ path: s0.path, readableAll: true }': (context) => ({ path: context.path('s0'), readableAll: true }),
	'{ path: s1.path }': (context) => ({ path: context.path('s1') }),
	'{ path: 5 }': () => ({ path: 5 }),
	"{ path: '/nowhere/'.repeat(30) }": () => ({ path: '/nowhere/'.repeat(30) }),

	// ── Options of sockets and servers.
	'{ allowHalfOpen: true }': () => ({ allowHalfOpen: true }),
	'{ pauseOnConnect: true }': () => ({ pauseOnConnect: true }),
	'{ allowHalfOpen: true, pauseOnConnect: true }': () => ({ allowHalfOpen: true, pauseOnConnect: true }),
	'{ highWaterMark: 4 }': () => ({ highWaterMark: 4 }),
	'{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 2000 }': () => ({
		noDelay: true,
		keepAlive: true,
		keepAliveInitialDelay: 2000,
	}),
	"{ keepAliveInitialDelay: 'x' }": () => ({ keepAliveInitialDelay: 'x' }),
	'{ typeOfService: 16 }': () => ({ typeOfService: 16 }),
	'{ typeOfService: 256 }': () => ({ typeOfService: 256 }),
	'{ objectMode: true }': () => ({ objectMode: true }),
	'{ signal }': (context) => ({ signal: context.signal() }),
	'{ signal: aborted }': (context) => ({ signal: context.signal(true) }),
	'{ signal: 5 }': () => ({ signal: 5 }),
	'{ emitClose: true, autoDestroy: false }': () => ({ emitClose: true, autoDestroy: false }),
	"{ encoding: 'utf8', decodeStrings: true }": () => ({ encoding: 'utf8', decodeStrings: true }),
	'{ writable: false }': () => ({ writable: false }),
	'{ readable: false }': () => ({ readable: false }),
	'{ onread: { buffer, callback } }': (context) => ({
		onread: {
			buffer: Buffer.alloc(16),
			callback(length: number, buffer: Buffer): void {
				context.received(buffer.toString('latin1', 0, length));
			},
		},
	}),
	'{ onread: { buffer: () => buffer, callback } }': (context) => ({
		onread: {
			buffer: () => Buffer.alloc(16),
			callback(length: number, buffer: Buffer): void {
				context.received(buffer.toString('latin1', 0, length));
			},
		},
	}),
	'{ enable: true, initialDelay: 2000 }': () => ({ enable: true, initialDelay: 2000 }),
	'{ enable: true, initialDelay: 2000, interval: 1000, count: 3 }': () => ({
		enable: true,
		initialDelay: 2000,
		interval: 1000,
		count: 3,
	}),
};

/** Makes the values of a call. */
export function make(texts: readonly string[], context: Context): unknown[] {
	return texts.map((text) => {
		const found = values[text];
		if (found === undefined) throw new Error(`there is no value ${text}`);
		return found(context);
	});
}
