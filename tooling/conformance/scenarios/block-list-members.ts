/** Members of BlockList and SocketAddress that came after the first ones. */
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import { values } from '../src/every-type.ts';
import type { Net } from '../src/scenario.ts';

/** A list on which each call is recorded, and what it leaves. */
function list(
	net: Net,
	recorder: Recorder,
): { call: (method: string, ...values: unknown[]) => void; show: () => void } {
	const made = new net.BlockList();
	recorder.alias(made, 'list');
	return {
		call: (method, ...given) => void recorder.call(made, method, ...given),
		show: () => recorder.log('rules', made.rules, 'size', Reflect.get(made, 'size')),
	};
}

scenario('addAddress and addAddresses', (net, recorder) => {
	const { call, show } = list(net, recorder);
	call('addAddress', '10.0.0.1');
	call('addAddresses', ['10.0.0.2', '10.0.0.3']);
	call('addAddresses', ['::1', '::2'], 'ipv6');
	call('addAddresses', []);
	show();
	for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.4']) call('check', address);
	call('check', '::2', 'ipv6');
});

scenario('addRange and addSubnet', (net, recorder) => {
	const { call, show } = list(net, recorder);
	call('addRange', '10.0.0.1', '10.0.0.9');
	call('addSubnet', '10.1.0.0', 16);
	call('addSubnet', 'fe80::', 10, 'ipv6');
	show();
	for (const address of ['10.0.0.0', '10.0.0.9', '10.1.255.255', '10.2.0.0']) call('check', address);
	call('check', 'febf::1', 'ipv6');
});

scenario('addCIDR and addCIDRs', (net, recorder) => {
	const { call, show } = list(net, recorder);
	call('addCIDR', '10.0.0.0/8');
	call('addCIDRs', ['192.168.0.0/16', 'fc00::/7']);
	for (const wrong of ['10.0.0.0', '10.0.0.0/33', 'x/8', '::/129', '/8', 5, '10.0.0.0/']) call('addCIDR', wrong);
	show();
	call('check', '10.255.0.1');
	call('check', 'fd00::1', 'ipv6');
});

scenario('removeAddress, removeRange, removeSubnet, removeCIDR', (net, recorder) => {
	const { call, show } = list(net, recorder);
	call('addAddress', '10.0.0.1');
	call('addRange', '10.0.1.0', '10.0.1.9');
	call('addSubnet', '10.2.0.0', 16);
	call('addCIDR', 'fe80::/10');
	call('removeAddress', '10.0.0.1');
	call('removeAddress', '10.0.0.1');
	call('removeRange', '10.0.1.0', '10.0.1.8');
	call('removeRange', '10.0.1.0', '10.0.1.9');
	call('removeSubnet', '10.2.0.0', 16);
	call('removeCIDR', 'fe80::/10');
	show();
	for (const address of ['10.0.0.1', '10.0.1.5', '10.2.3.4']) call('check', address);
});

scenario('clear and size', (net, recorder) => {
	const { call, show } = list(net, recorder);
	call('addAddress', '10.0.0.1');
	call('addAddress', '10.0.0.1');
	call('addSubnet', '10.0.0.0', 8);
	show();
	call('clear');
	show();
	call('check', '10.0.0.1');
});

scenario('PRIVATE_RANGES', (net, recorder) => {
	const ranges: unknown = Reflect.get(net.BlockList, 'PRIVATE_RANGES');
	recorder.log('ranges', ranges, Object.isFrozen(ranges));
	const { call, show } = list(net, recorder);
	call('addCIDRs', ranges);
	show();
});

for (const method of ['addAddress', 'addAddresses', 'addCIDR', 'addCIDRs', 'removeAddress', 'removeCIDR', 'check']) {
	scenario(`${method} of every type: the list stays as it was`, (net, recorder) => {
		const { call, show } = list(net, recorder);
		call('addAddress', '10.0.0.1');
		for (const [, value] of values) call(method, value);
		show();
	});
}

scenario('a prefix and a family of every type', (net, recorder) => {
	const { call, show } = list(net, recorder);
	for (const [, value] of values) {
		call('addSubnet', '10.0.0.0', value);
		call('addAddress', '10.0.0.1', value);
	}
	show();
});

scenario('SocketAddress: toJSON, and options of every type', (net, recorder) => {
	const address = new net.SocketAddress({ address: '::1', family: 'ipv6', port: 80, flowlabel: 5 });
	recorder.log('JSON', invoke(address, 'toJSON', []), JSON.stringify(address));
	for (const name of ['address', 'family', 'port', 'flowlabel']) {
		for (const [, value] of values) {
			recorder.attempt(`${name} ${recorder.names.show(value)}`, () => {
				return JSON.stringify(Reflect.construct(net.SocketAddress, [{ [name]: value }]));
			});
		}
	}
});

scenario('SocketAddress.parse of every type', (net, recorder) => {
	for (const [, value] of values) {
		recorder.attempt(recorder.names.show(value), () => invoke(net.SocketAddress, 'parse', [value]) !== undefined);
	}
});

scenario('a structured clone', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('192.0.2.1');
	const clone: object = structuredClone(list);
	recorder.log('clone', clone, net.BlockList.isBlockList(clone), Reflect.get(clone, 'rules'));
});
