/** Options and texts for SocketAddress, and what can be seen of the outcome. */
import { inspect } from 'node:util';
import { thrown } from './cases.ts';

/** Node's class or ours. The types of Node's do not know all of it yet. */
type SocketAddressClass = new (options: never) => object;

const families = [undefined, 'ipv4', 'ipv6', 'IPV6', 'IPv4', 'x', '', 5, null];
const addresses = [
	undefined,
	'1.2.3.4',
	'255.255.255.255',
	'01.2.3.4',
	'1.2.3',
	'',
	'::1',
	'0:0:0:0:0:0:0:1',
	'::FFFF:1.2.3.4',
	'::5',
	'::1:2',
	'1:2:3:4:5:6:7::',
	'fe80::1%eth0',
	'fe80::1%',
	'::1%a b%',
	'%a',
	':::',
	5,
	null,
	{},
];
const ports = [undefined, 0, 80, '80', ' 0x50 ', 65_535, 65_536, -1, 1.5, NaN, null, {}, 'x'];
// Node aborts above 20 bits, and at some numbers that are not small integers.
const flowlabels = [undefined, 0, 5, 0xfffff, -1, 1.5, 2 ** 32, 2 ** 40, NaN, 'x', null];

const options: readonly unknown[] = [
	undefined,
	null,
	5,
	'x',
	[],
	() => undefined,
	{},
	...families.flatMap((family) => addresses.map((address) => ({ family, address }))),
	...['ipv4', 'ipv6'].flatMap((family) => ports.map((port) => ({ family, port }))),
	...['ipv4', 'ipv6'].flatMap((family) => flowlabels.map((flowlabel) => ({ family, flowlabel }))),
	{ address: 5, family: 'x', port: -1, flowlabel: -1 },
	{ address: 5, port: -1, flowlabel: -1 },
	{ address: 'x', port: -1, flowlabel: -1 },
	{ address: 'x', port: 1, flowlabel: -1 },
];

/** None with port 80, which is where ours differs. */
export const texts: readonly unknown[] = [
	...['1.2.3.4', '1.2.3.4:443', '1.2.3.4:65535', '1.2.3.4:65536', '1.2.3.4:0', '1.2.3.4:', '1.2.3.4:x', '127.1'],
	...['0x7f.1', '0x7f000001', '2130706433', '017700000001', '1.2.3', '256', '1.2.3.256', '1.2.3.4.', '1.2.3.4..'],
	...['[::1]', '[::1]:443', '[::1]:', '::1', '[::1', '[::1]x', '[::1%lo]', '[::ffff:1.2.3.4]:5', '[::FFFF:ABCD]'],
	...['localhost', 'localhost:80', 'a.b', '1.2.3.4/', '1.2.3.4:5/path', '1.2.3.4?x', 'user:p@1.2.3.4:5', ' 1.2.3.4'],
	...['1.2.3.4 ', '1\t.2.3.4', '１.2.3.4', '%31.2.3.4', '1.2.3.4:+5', '1.2.3.4:0x50', 'http://1.2.3.4', '//1.2.3.4'],
	...['1.2.3.4:5:6', '0', '0:5', '4294967295', '4294967296', '0x', '08', '1.2.3.4:-1', '-1', '1..2', '', ' ', '?'],
	...['[[::1]]', '[]', '[1.2.3.4]', '²', '1.2.3.4%', '1,2', undefined, null, 5, {}, []],
];

/** One JSON value for each of the options and each of the texts. */
export function describeAll(SocketAddress: SocketAddressClass): unknown[] {
	const parse: unknown = Reflect.get(SocketAddress, 'parse');
	if (typeof parse !== 'function') throw new TypeError('no SocketAddress.parse');
	return [
		// Wrong on purpose.
		...options.map((given) => describe(() => new SocketAddress(given as never))),
		...texts.map((text) => describe(() => Reflect.apply(parse, SocketAddress, [text]))),
	];
}

function describe(make: () => unknown): unknown {
	try {
		const made = make();
		const forms = [{}, { depth: 0 }, { depth: -1 }, { compact: false }, { colors: true }];
		return [made ?? null, ...forms.map((form) => inspect(made, form)), inspect({ a: { b: made } }, { depth: 1 })];
	} catch (error) {
		return thrown(error);
	}
}
