/** Argument lists for `connect` and `listen`, drawn from a seed, so that two processes can draw the same ones. */

type Draw = (values: readonly unknown[]) => unknown;

function drawer(seed: number): Draw {
	let state = seed >>> 0;
	return (values) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return values[(state >>> 8) % values.length];
	};
}

const odd = [undefined, null, false, true, '', NaN, -1, 1.5, {}, [], 'x', Symbol('odd'), 1n, () => undefined];
const ports = [
	0,
	1,
	1,
	1,
	'1',
	' 1 ',
	'0x1',
	'1e0',
	65_535,
	65_536,
	-1,
	1.5,
	NaN,
	'x',
	'',
	' ',
	'1x',
	'-1',
	undefined,
	null,
	...odd,
];
const hosts = ['127.0.0.1', '127.0.0.1', '::1', 'localhost', 'a.invalid', undefined, null, '', 5, 0, false, {}, []];
const paths = ['/nonexistent/path', 'a/b', '80', '-1', 'x\0y', '', undefined, null, 5, 0, false, {}];
const backlogs = [undefined, null, 0, 5, '5', 'x', -3, 1.5, {}, [], [7], true, NaN, 1n];

/** An object of some of these properties, each drawn from its values. */
function object(draw: Draw, properties: Record<string, readonly unknown[]>, likely = 3): object {
	const result: Record<string, unknown> = {};
	for (const [name, values] of Object.entries(properties)) {
		if (draw([...Array(likely).fill(false), true])) result[name] = draw(values);
	}
	return result;
}

export function connectArguments(seed: number): unknown[] {
	const draw = drawer(seed);
	const listener = draw([[], [], [() => undefined], [null], [undefined], [5]]) as unknown[];
	if (draw([true, false, false])) {
		const first = draw([...ports, ...paths, ...odd]);
		return draw([[], [first, ...listener], [first, draw([...hosts, ...odd]), ...listener]]) as unknown[];
	}
	const options = object(
		draw,
		{
			localAddress: ['127.0.0.1', 'x', 5, '', null, {}, false],
			localPort: [5.5, 'x', null, 0, '', {}, -1, NaN],
			lookup: [5, null, {}, 'x', false, undefined],
			autoSelectFamily: [true, false, null, 1, 'x', undefined],
			autoSelectFamilyAttemptTimeout: [0, 1, 5, 300, 1.5, -1, 'x', null, 2 ** 31, NaN],
			family: [0, 4, 6],
		},
		5,
	);
	if (draw([true, true, true, false])) Object.assign(options, { port: draw(ports) });
	if (draw([true, false])) Object.assign(options, { host: draw(hosts) });
	if (draw([true, false, false, false])) Object.assign(options, { path: draw(paths) });
	return [options, ...listener];
}

export function listenArguments(seed: number): unknown[] {
	const draw = drawer(seed);
	const listener = draw([[], [], [() => undefined], [null], [undefined], [5]]) as unknown[];
	if (draw([true, false, false])) {
		const first = draw([...ports, ...paths, ...odd]);
		return draw([
			[...listener],
			[first, ...listener],
			[first, draw([...hosts, ...backlogs]), ...listener],
			[first, draw(hosts), draw(backlogs), ...listener],
		]) as unknown[];
	}
	const options = object(
		draw,
		{
			backlog: backlogs,
			signal: [undefined, null, 5, {}, new AbortController().signal],
			fd: [-1, 'x', 99_999, null, NaN, 1.5],
			exclusive: [true],
			_handle: [null, undefined, {}, { port: 1 }, { fd: 9 }],
			handle: [null, undefined, {}, { port: 1 }, { fd: 9 }],
		},
		6,
	);
	if (draw([true, true, false])) Object.assign(options, { port: draw(ports) });
	if (draw([true, false])) Object.assign(options, { host: draw(hosts) });
	if (draw([true, false])) Object.assign(options, { path: draw(paths) });
	return draw([
		[options, ...listener],
		[options, draw(backlogs), ...listener],
	]) as unknown[];
}

/** What came of a call, comparable as JSON. */
export type Outcome = Record<string, unknown>;

export function thrown(error: unknown): Outcome {
	const { code, message } = error as { code?: unknown; message?: unknown };
	return code === undefined ? { thrown: 'uncoded' } : { thrown: code, message };
}
