/** BlockList by itself and as an option of sockets and servers. */
import { inspect } from 'node:util';
import { scenario } from '../src/scenario.ts';

scenario('addresses, ranges and subnets are found', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('10.0.0.1');
	list.addRange('10.1.0.1', '10.1.0.10');
	list.addSubnet('10.2.0.0', 16);
	list.addAddress('::1', 'ipv6');
	list.addRange('2001:db8::1', '2001:db8::f', 'ipv6');
	list.addSubnet('fe80::', 10, 'ipv6');
	const inside = ['10.0.0.1', '10.1.0.1', '10.1.0.10', '10.2.0.0', '10.2.255.255'];
	const outside = ['10.0.0.2', '10.1.0.0', '10.1.0.11', '10.3.0.0', '0.0.0.0'];
	for (const address of [...inside, ...outside]) recorder.call(list, 'check', address);
	const inside6 = ['::1', '2001:db8::1', '2001:db8::f', 'fe80::', 'febf:ffff::'];
	const outside6 = ['::2', '2001:db8::', '2001:db8::10', 'fec0::'];
	for (const address of [...inside6, ...outside6]) recorder.call(list, 'check', address, 'ipv6');
});

scenario('IPv4 rules match mapped IPv6 addresses', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('1.2.3.4');
	list.addSubnet('10.0.0.0', 8);
	for (const address of ['::ffff:1.2.3.4', '::ffff:102:304', '::ffff:10.9.9.9', '::ffff:1.2.3.5', '::1.2.3.4']) {
		recorder.call(list, 'check', address, 'ipv6');
	}
});

scenario('the family must be right, or nothing is found', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('1.2.3.4');
	recorder.call(list, 'check', '1.2.3.4', 'ipv4');
	recorder.call(list, 'check', '1.2.3.4', 'IPv4');
	recorder.call(list, 'check', '1.2.3.4', 'ipv6');
	recorder.call(list, 'check', '::1');
	recorder.call(list, 'check', 'not an address');
	recorder.call(list, 'check', 'not an address', 'ipv6');
});

// One address alone: the order of several is that of a hash table.
scenario('rules as text: addresses, subnets, ranges, the newest first', (net, recorder) => {
	const list = new net.BlockList();
	recorder.log('empty', list.rules);
	list.addAddress('1.2.3.4');
	list.addRange('1.2.3.4', '1.2.3.9');
	list.addSubnet('1.2.3.0', 24);
	list.addSubnet('fe80::', 10, 'ipv6');
	list.addRange('::1', '::5', 'ipv6');
	list.addAddress('1.2.3.4');
	recorder.log('rules', list.rules);
	recorder.log('a copy each time', list.rules === list.rules);
});

scenario('SocketAddress objects are taken', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress(new net.SocketAddress({ address: '1.1.1.1' }));
	list.addRange(new net.SocketAddress({ address: '2.0.0.1' }), new net.SocketAddress({ address: '2.0.0.9' }));
	list.addSubnet(new net.SocketAddress({ address: '::5', family: 'ipv6' }), 127);
	recorder.log('check', list.check(new net.SocketAddress({ address: '2.0.0.5' })));
	recorder.log('check', list.check(new net.SocketAddress({ address: '::4', family: 'ipv6' })));
	recorder.log('rules', list.rules);
});

scenario('wrong arguments throw', (net, recorder) => {
	const list = new net.BlockList();
	for (const value of [5, null, undefined, {}, '', 'x', '::1']) recorder.call(list, 'addAddress', value);
	recorder.call(list, 'addAddress', '1.2.3.4', 'ipv5');
	recorder.call(list, 'addAddress', '1.2.3.4', 4);
	recorder.call(list, 'addRange', '1.2.3.9', '1.2.3.1');
	recorder.call(list, 'addRange', '1.2.3.4');
	recorder.call(list, 'addRange', 'x', '1.2.3.4');
	for (const prefix of [-1, 33, 1.5, '8', undefined, null, NaN]) recorder.call(list, 'addSubnet', '1.2.3.4', prefix);
	for (const prefix of [-1, 129]) recorder.call(list, 'addSubnet', '::1', prefix, 'ipv6');
	for (const value of [5, null, undefined, {}]) recorder.call(list, 'check', value);
	recorder.call(list, 'check', '1.2.3.4', 5);
	recorder.log('nothing was added', list.rules);
});

scenario('toJSON, fromJSON and isBlockList', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('1.2.3.4');
	list.addSubnet('10.0.0.0', 8);
	recorder.call(list, 'toJSON');
	const copy = new net.BlockList();
	recorder.call(copy, 'fromJSON', ['Subnet: IPv4 192.168.0.0/16', 'Address: IPv4 5.6.7.8', 'Range: IPv6 ::1-::5']);
	recorder.log('copy', copy.rules, copy.check('192.168.5.5'));
	recorder.call(copy, 'fromJSON', 'not JSON');
	recorder.call(copy, 'fromJSON', 5);
	for (const value of [list, {}, null]) recorder.call(net.BlockList, 'isBlockList', value);
});

scenario('util.inspect', (net, recorder) => {
	const list = new net.BlockList();
	list.addAddress('1.2.3.4');
	recorder.log('inspect', inspect(list));
	recorder.log('depth', inspect(list, { depth: -1 }));
});

scenario('a server with a block list closes who is on it, without an event', async (net, recorder) => {
	const blockList = new net.BlockList();
	blockList.addAddress('127.0.0.1');
	const server = await recorder.serve(net, () => recorder.lane('server').log('connection'), { blockList });
	server.on('drop', () => recorder.lane('server').log('drop'));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.lane('client').events(client, ['connect', 'end', 'close']);
	client.on('error', () => {});
	client.resume();
	await recorder.once(client, 'close');
});

scenario('a server with a block list takes who is not on it', async (net, recorder) => {
	const blockList = new net.BlockList();
	blockList.addAddress('127.0.0.2');
	const { client, peer, closed } = await recorder.pair(net, { server: { blockList } });
	peer.resume();
	recorder.log('connected', client.readyState);
	client.end();
	client.resume();
	await closed();
});

scenario('connecting to a blocked address fails', async (net, recorder) => {
	const server = await recorder.serve(net, () => recorder.log('connection'));
	const blockList = new net.BlockList();
	blockList.addSubnet('127.0.0.0', 8);
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', blockList }));
	recorder.events(client, ['connectionAttempt', 'connect', 'error', 'close']);
	await recorder.once(client, 'close');
});

scenario('a blocked address among others is left out', async (net, recorder) => {
	const server = await recorder.serve(net);
	const blockList = new net.BlockList();
	blockList.addAddress('127.0.0.2');
	const answers = [
		{ address: '127.0.0.2', family: 4 },
		{ address: '127.0.0.1', family: 4 },
	];
	const lookup = (_name: string, _options: object, answer: (...values: unknown[]) => void): void =>
		process.nextTick(answer, null, answers);
	const options = { port: server.port, host: 'example.test', lookup, blockList, autoSelectFamily: true };
	const client = recorder.own(Reflect.apply(net.connect, net, [options]));
	recorder.events(client, ['connectionAttempt', 'connect', 'error', 'close']);
	await Promise.race([recorder.once(client, 'connect'), recorder.once(client, 'close')]);
	recorder.log('attempted', Reflect.get(client, 'autoSelectFamilyAttemptedAddresses'));
});
