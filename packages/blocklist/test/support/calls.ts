/** Single calls whose outcome is told by the manual nowhere: bad arguments, odd texts, odd spellings. */
import { inspect } from 'node:util';
import type { Classes } from './operations.ts';

/** Arguments are what the types forbid, so methods are called by name. */
type Call = [method: string, ...args: unknown[]];

/** Calls of one list, one after another; `$4` and `$6` stand for SocketAddress objects. */
const lives: readonly Call[][] = [
	...['addAddress', 'removeAddress', 'check'].flatMap((method): Call[][] => [
		[[method]],
		[[method, 5]],
		[[method, null]],
		[[method, {}]],
		[[method, 5, 5]],
		[[method, 'x']],
		[[method, 'x', 5]],
		[[method, 'x', 'x']],
		[[method, '1.2.3.4', null]],
		[[method, '1.2.3.4', '']],
		[[method, '1.2.3.4', 'ipv6']],
		[[method, '::1']],
		[[method, '::1', 'IPv6']],
		[[method, '01.2.3.4']],
		[[method, ' 1.2.3.4']],
		[[method, 'fe80::1%', 'ipv6']],
		[[method, '$4', 5]],
		[[method, '$6', 'ipv4']],
	]),
	[
		['addAddress', 'fe80::1%eth0', 'ipv6'],
		['rules'],
		['check', 'fe80::1', 'ipv6'],
		['check', 'fe80::1%x', 'IPV6'],
		['check', 'fe80::1%', 'ipv6'],
		['check', 'fe80::1%a b%', 'ipv6'],
	],
	[['addAddress', '1.1.1.1'], ['addAddress', '::ffff:1.1.1.1', 'ipv6'], ['rules'], ['size']],
	[
		['addAddress', '::ffff:1.1.1.1', 'ipv6'],
		['addAddress', '1.1.1.1'],
		['rules'],
		['removeAddress', '1.1.1.1'],
		['rules'],
	],
	[['addAddress', '1.1.1.1'], ['removeAddress', '::ffff:101:101', 'ipv6'], ['rules']],
	[['addAddresses', ['1.2.3.4', 'x']], ['rules']],
	[['addAddresses', ['$4']], ['rules']],
	[['addAddresses', 'x']],
	[['addAddresses']],
	[['addAddresses', new Set(['1.2.3.4'])]],
	[['addAddresses', []]],
	[['addAddresses', [], 5]],
	[['addAddresses', [], 'x']],
	[['addAddresses', [5], 5]],
	[['addAddresses', ['1.2.3.4', 5]]],
	// oxlint-disable-next-line no-sparse-arrays -- a hole is an entry, too
	[['addAddresses', [, '1.2.3.4']]],
	...['addRange', 'removeRange'].flatMap((method): Call[][] => [
		[[method]],
		[[method, 5, 5]],
		[[method, 5, '1.2.3.4']],
		[[method, '1.2.3.4', 5]],
		[[method, 'x', 5]],
		[[method, '1.2.3.4', 'x']],
		[[method, 'x', 'x', 'x']],
		[[method, '1.2.3.4', '::1']],
		[[method, '1.2.3.9', '1.2.3.4']],
		[[method, '::5', '::1', 'ipv6']],
		[[method, '$4', '$6'], ['rules']],
		[[method, '1.2.3.4', '1.2.3.4'], ['rules']],
	]),
	...['addSubnet', 'removeSubnet'].flatMap((method): Call[][] => [
		[[method]],
		[[method, 5, 5]],
		[[method, '1.2.3.4']],
		[[method, '1.2.3.4', '8']],
		[[method, '1.2.3.4', 33]],
		[[method, '1.2.3.4', -1]],
		[[method, '1.2.3.4', 1.5]],
		[[method, '1.2.3.4', NaN]],
		[[method, '1.2.3.4', -0], ['rules']],
		[[method, '1.2.3.4', 2 ** 40]],
		[[method, '1.2.3.4', 1n]],
		[[method, 'x', 99]],
		[[method, 'x', 'x', 5]],
		[[method, '::1', 129, 'ipv6']],
		[[method, '::1', 64, 'x']],
		[[method, '$4', 64, 'ipv6']],
		[[method, '$6', 64, 'ipv4'], ['rules']],
	]),
	[['addSubnet', '1.1.1.9', 24], ['removeSubnet', '1.1.1.0', 24], ['rules'], ['removeCIDR', '1.1.1.9/24'], ['rules']],
	[['addSubnet', '1.1.1.9', 24], ['addSubnet', '1.1.1.9', 24], ['size'], ['removeSubnet', '1.1.1.9', 24], ['size']],
	...[
		['addSubnet', 'removeSubnet', 8, 9],
		['addRange', 'removeRange', '9.9.9.8', '9.9.9.9'],
	].map(([add, remove, one, other]): Call[] => [
		[String(add), '1.1.1.1', one],
		[String(add), '1.1.1.1', other],
		[String(add), '1.1.1.1', one],
		['rules'],
		[String(remove), '1.1.1.1', one],
		['rules'],
	]),
	...['addCIDR', 'removeCIDR'].flatMap((method): Call[][] => [
		...['1.2.3.4', '', '/8', 'x/8', 'x/99', '1.2.3.4/', '1.2.3.4/08', '1.2.3.4/00', '1.2.3.4/ 8'].map(
			(text): Call[] => [[method, text]],
		),
		...['1.2.3.4/8 ', '1.2.3.4/+8', '1.2.3.4/-1', '1.2.3.4/1e1', '1.2.3.4/8/8', '1.2.3.4/33'].map((text): Call[] => [
			[method, text],
		]),
		...['::1/129', '1.2.3.4%x/8', '1.2.3.4/99999999999999999999999', '1.2.3.4/0x8'].map((text): Call[] => [
			[method, text],
		]),
		[[method]],
		[[method, 5]],
		[[method, '$4']],
		[[method, '::1/64', 'ipv4'], ['rules']],
		[[method, 'fe80::1%eth0/64'], ['rules']],
	]),
	[['addCIDRs', ['10.0.0.0/8', '::/4']], ['rules']],
	[['addCIDRs', ['10.0.0.0/8', 'x']], ['rules']],
	[['addCIDRs', ['10.0.0.0/8', 5]], ['rules']],
	[['addCIDRs', '10.0.0.0/8']],
	[['addCIDRs']],
	[['addCIDRs', []]],
	[['addAddress', '1.2.3.4'], ['clear', 5], ['rules'], ['size'], ['check', '1.2.3.4']],
	...[undefined, null, 5, {}, [], '[]', 'x', '{}', '5', 'null', '"x"', '', [5], [null], ['x', 5], new String('[]')].map(
		(data): Call[] => [['fromJSON', data], ['rules']],
	),
	...[
		'x',
		'Address: IPv4 1.2.3.4',
		' Address: IPv4 1.2.3.4 ',
		'xAddress: IPv4 1.2.3.4y',
		'Address: ipv4 1.2.3.4',
		'Address:IPv4 1.2.3.4',
		'Address: IPv4  1.2.3.4',
		'Address: IPv4 ::1',
		'Address: IPv4 x',
		'Address: IPv4 999.1.1.1',
		'Address: IPv4 1234.1.1.1',
		'Address: IPv4 1.1.1.1234',
		'Address: IPv4 01.2.3.4',
		'Address: IPv6 1.2.3.4',
		'Address: IPv6 ::1%x',
		'Address: IPv6 :',
		'Address: IPv6 ::A',
		'Address: IPv6 ::G',
		'Address: IPv6 g::1',
		'Address: IPv6 ',
		'Address: IPv6 ::ffff:1.2.3.4',
		'Address: IPv6 0000:0000:0000:0000:0000:ffff:192.168.100.228',
		'Subnet: IPv4 1.2.3.4',
		'Subnet: IPv4 1.2.3.4/8',
		'Subnet: IPv4 1.2.3.4/8x',
		'Subnet: IPv4 1.2.3.4/08',
		'Subnet: IPv4 1.2.3.4/123',
		'Subnet: IPv4 1.2.3.4/33',
		'Subnet: IPv4 1.2.3.4/',
		'Subnet: IPv4 1.2.3.4 /8',
		'Subnet: IPv4 999.2.3.4/8',
		'Subnet: IPv6 ::/8',
		'Subnet: IPv6 ::1/1234',
		'Subnet: IPv6 ::1/129',
		'Subnet: IPv6 ::1/064',
		'Subnet: IPv6 fe80::1%eth0/64',
		'Subnet: IPv6 ::ffff:1.2.3.4/120',
		'Range: IPv4 1.2.3.4-1.2.3.9',
		'Range: IPv4 1.2.3.9-1.2.3.4',
		'Range: IPv4 1.2.3.4',
		'Range: IPv4 1.2.3.4 - 1.2.3.9',
		'Range: IPv4 1.2.3.4-::5',
		'Range: IPv4 1.2.3.4-1.2.3.4567',
		'Range: IPv6 ::1-::9x',
		'Range: IPv6 ::1-1.2.3.4',
		'Range: IPv6 ::1-::ffff:1.2.3.4',
		'Range: IPv6 -::1',
		'Address: IPv4 1.2.3.4 Subnet: IPv4 1.2.3.5/8 Range: IPv4 1.1.1.1-1.1.1.2',
		'Range: IPv4 1.1.1.1-1.1.1.2 Address: IPv4 1.2.3.4',
		'Range: IPv4 1.1.1.1-1.1.1.2 Subnet: IPv6 ::/1',
		'Subnet: IPv6 ::/1 Address: IPv4 1.2.3.4',
	].map((text): Call[] => [['fromJSON', ['Range: IPv4 9.9.9.8-9.9.9.9', text, 'Subnet: IPv4 8.8.8.8/8']], ['rules']]),
	[['addAddress', '1.2.3.4'], ['toJSON'], ['inspect', {}], ['inspect', { depth: 0 }], ['inspect', { depth: -1 }]],
	[
		['inspect', {}],
		['inspect', { compact: false }],
		['inspect', { colors: true, depth: -1 }],
	],
];

/** What each call of each life answers or throws. */
export function answers({ BlockList, SocketAddress }: Classes): unknown[] {
	const addresses = new Map<unknown, object>([
		['$4', new SocketAddress({ address: '1.2.3.4', family: 'ipv4' })],
		['$6', new SocketAddress({ address: '::9', family: 'ipv6' })],
	]);
	const real = (value: unknown): unknown =>
		Array.isArray(value) ? value.map((entry) => addresses.get(entry) ?? entry) : (addresses.get(value) ?? value);
	return lives.flatMap((life) => {
		const list = new BlockList();
		return life.map(([method, ...args]) => {
			try {
				if (method === 'inspect') return inspect(list, Object(args[0]));
				const member: unknown = Reflect.get(list, method);
				return typeof member === 'function' ? (Reflect.apply(member, list, args.map(real)) ?? null) : member;
			} catch (error) {
				return inspect(error).replace(/\n\s+at [^\n]*/g, '');
			}
		});
	});
}
