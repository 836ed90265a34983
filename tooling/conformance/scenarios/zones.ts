/** IPv6 addresses with a zone: `fe80::1%eth0`. */
import { networkInterfaces } from 'node:os';
import { scenario } from '../src/scenario.ts';

scenario('a zone that is no interface counts as none', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end(), { listen: { host: '::1%nowhere', port: 0 } });
	recorder.log('server', server.address());
	const client = recorder.own(net.connect({ port: server.port, host: '::1%nowhere', localAddress: '::1%nowhere' }));
	recorder.events(client.resume(), ['connectionAttempt', 'connect', 'error', 'close']);
	client.on('connect', () => recorder.log('ends', client.localAddress, client.remoteAddress, client.remoteFamily));
	await recorder.once(client, 'close');
});

scenario('a link-local address that is bound needs a zone', async (net, recorder) => {
	for (const host of ['fe80::1', 'fe80::1%nowhere', 'fe80::1%1']) {
		const server = recorder.own(net.createServer());
		recorder.events(server, ['listening', 'error']);
		const failed = recorder.once(server, 'error');
		server.listen(0, host);
		await failed;
	}
});

scenario('a link-local address that is connected to gets a zone', async (net, recorder) => {
	const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
	const address = addresses.find((each) => each.address.startsWith('fe80'))?.address;
	recorder.log('there is one', address !== undefined);
	if (address === undefined) return;
	recorder.alias(address, 'address');
	for (const host of [address, `${address}%nowhere`]) {
		const client = recorder.own(net.connect({ port: 1, host }));
		recorder.events(client, ['connectionAttempt', 'connectionAttemptFailed', 'error', 'close']);
		await recorder.once(client, 'close');
	}
});
