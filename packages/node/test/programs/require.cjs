// Run by index.test.ts, without a TypeScript loader: they have a `require` of their own.
const net = require('@net/node');

async function main() {
	const named = await import('@net/node');
	const connect = () => {};
	net.connect = connect;
	console.log(
		JSON.stringify({
			same: named.default === net,
			names: Object.keys(net).filter((name) => named[name] !== net[name]),
			replaced: require('@net/node').connect === connect && net.createConnection !== connect,
			promises: require('@net/node/promises') === (await import('@net/node/promises')).default,
			listening: new net.Server().listening,
		}),
	);
}
void main();
