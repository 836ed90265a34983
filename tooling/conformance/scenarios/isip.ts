/** isIP, isIPv4, isIPv6. */
import { scenario } from '../src/scenario.ts';

scenario('isIP tells the version of addresses', (net, recorder) => {
	for (const input of ['127.0.0.1', '::1', '1.2.3', '', '01.2.3.4', '::ffff:1.2.3.4', 'fe80::1%lo', '1::2::3']) {
		recorder.call(net, 'isIP', input);
		recorder.call(net, 'isIPv4', input);
		recorder.call(net, 'isIPv6', input);
	}
});

scenario('isIP takes anything and answers 0 for what is no string', (net, recorder) => {
	const inputs = [undefined, null, 0, 127, {}, [], ['127.0.0.1'], true, Symbol.iterator, { toString: () => '::1' }];
	for (const input of inputs) {
		recorder.call(net, 'isIP', input);
		recorder.call(net, 'isIPv4', input);
		recorder.call(net, 'isIPv6', input);
	}
});

scenario('isIPv4 refuses what inet_aton would take', (net, recorder) => {
	const inputs = [
		'127.1',
		'0x7f.0.0.1',
		'127.0.0.1 ',
		' 127.0.0.1',
		'127.0.0.256',
		'1.2.3.4.',
		'1.2.3.4\n',
		'1.2.3.4%lo',
	];
	for (const input of inputs) recorder.call(net, 'isIPv4', input);
});

scenario('isIPv6 takes every shorthand and no more', (net, recorder) => {
	const inputs = [
		'::',
		'1::',
		'::1:2',
		'1:2:3:4:5:6:7:8',
		'1:2:3:4:5:6:7::',
		'::1.2.3.4',
		'1:2:3:4:5:6:1.2.3.4',
		'ABCD::ef',
	];
	const wrong = [
		'1:2:3:4:5:6:7',
		':::',
		'1:',
		':1',
		'12345::',
		'[::1]',
		'::1%',
		'::1%a%b',
		'::1.2.3',
		'1:2:3:4:5:6:7:1.2.3.4',
	];
	for (const input of [...inputs, ...wrong]) recorder.call(net, 'isIPv6', input);
});
