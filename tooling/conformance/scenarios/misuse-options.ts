/** Wrong options and arguments of constructors and functions: what is thrown, and what is taken. */
import { except, of, values } from '../src/every-type.ts';
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('createServer: options of every type', (net, recorder) => {
	for (const value of values)
		recorder.attempt(value[0], () => invoke(net, 'createServer', [value[1]]) instanceof net.Server);
});

scenario('createServer: a listener that is no function is left out', (net, recorder) => {
	for (const value of except('function')) {
		const server: unknown = invoke(net, 'createServer', [{}, value]);
		recorder.log(recorder.names.show(value), server instanceof net.Server && server.listenerCount('connection'));
	}
});

scenario('new Socket: options of every type', (net, recorder) => {
	// A number is a descriptor.
	for (const value of except('number', 'negative', 'fraction', 'NaN', 'huge')) {
		recorder.attempt(recorder.names.show(value), () => Reflect.construct(net.Socket, [value]) instanceof net.Socket);
	}
});

for (const option of ['allowHalfOpen', 'noDelay', 'keepAlive', 'pauseOnConnect'] as const) {
	scenario(`new Server: ${option} of every type`, (net, recorder) => {
		for (const [type, value] of values) {
			recorder.attempt(type, () => Reflect.get(Reflect.construct(net.Server, [{ [option]: value }]), option));
		}
	});
}

for (const option of ['keepAliveInitialDelay', 'highWaterMark', 'blockList'] as const) {
	scenario(`new Server: ${option} of every type`, (net, recorder) => {
		for (const [type, value] of values) {
			recorder.attempt(type, () => Reflect.construct(net.Server, [{ [option]: value }]) instanceof net.Server);
		}
	});
}

for (const option of [
	'keepAliveInitialDelay',
	'typeOfService',
	'blockList',
	'signal',
	'onread',
	'readableHighWaterMark',
] as const) {
	scenario(`new Socket: ${option} of every type`, (net, recorder) => {
		for (const [type, value] of values) {
			recorder.attempt(type, () => Reflect.construct(net.Socket, [{ [option]: value }]) instanceof net.Socket);
		}
	});
}

for (const option of ['fd', 'handle'] as const) {
	scenario(`new Socket: ${option} of types that are none`, (net, recorder) => {
		const types =
			option === 'fd'
				? of('negative', 'fraction', 'NaN', 'huge', 'text', 'object', 'array', 'null')
				: of('undefined', 'null', 'empty');
		for (const value of types) {
			recorder.attempt(recorder.names.show(value), () => {
				const socket: unknown = Reflect.construct(net.Socket, [{ [option]: value }]);
				return socket instanceof net.Socket && socket.pending;
			});
		}
	});
}

for (const name of ['isIP', 'isIPv4', 'isIPv6'] as const) {
	scenario(`${name} of every type`, (net, recorder) => {
		for (const [, value] of values) recorder.call(net, name, value);
		recorder.call(net, name);
	});
}

for (const name of ['setDefaultAutoSelectFamily', 'setDefaultAutoSelectFamilyAttemptTimeout'] as const) {
	scenario(`${name} of every wrong type leaves it as it was`, (net, recorder) => {
		const getter = name.replace('set', 'get');
		const before = invoke(net, getter, []);
		const right = name.endsWith('Timeout') ? ['number'] : ['boolean'];
		for (const value of except(...right)) recorder.call(net, name, value);
		recorder.log('as before', invoke(net, getter, []) === before);
	});
}
