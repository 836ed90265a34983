/** What the host's `node:util` adds, asked for late, so that the package loads in any JavaScript runtime. */
type Util = typeof import('node:util');

let util: Util | null | undefined;
/** Kept, for the host makes it anew for whoever asks: tens of microseconds for each error. */
let errors: ReadonlyMap<number, readonly [name: string, text: string]> | undefined;

/** The value as `util.inspect` writes it; where there is no `node:util`, as `String` does. */
export function inspect(value: unknown, depth = 2): string {
	const host = hostUtil();
	if (host !== null) return host.inspect(value, { depth, colors: false });
	if (typeof value === 'string') return `'${value}'`;
	if (typeof value === 'bigint') return `${value}n`;
	if (Object.is(value, -0)) return '-0';
	return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}

/** The value as `%s` of `util.format` writes it. */
export function format(value: unknown): string {
	if (typeof value === 'string') return value;
	return hostUtil()?.format('%s', value) ?? inspect(value);
}

/** This platform's error numbers with name and text; empty where there is no `node:util`. */
export function systemErrors(): ReadonlyMap<number, readonly [name: string, text: string]> {
	return (errors ??= hostUtil()?.getSystemErrorMap() ?? new Map());
}

function hostUtil(): Util | null {
	// Node's types promise `process` and the method; other runtimes have not signed that.
	const host: { process?: { getBuiltinModule?: (id: 'node:util') => Util | undefined } } = globalThis;
	return (util ??= host.process?.getBuiltinModule?.('node:util') ?? null);
}
