import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { parseIPv6, readIPv4, readIPv6, writeIPv4, writeIPv6 } from '@net/ip';
import { Texts } from './support/texts.ts';

const test = suite('bytes');

test('bytes are in network order', () => {
	const bytes = Uint8Array.of(9, 255, 2, 3, 4, 9);
	assert.is(readIPv4(bytes, 1), 0xff020304);
	const written = new Uint8Array(6);
	writeIPv4(0xff020304, written, 1);
	assert.equal([...written], [0, 255, 2, 3, 4, 0]);
	const words = new Uint32Array(4);
	parseIPv6('102:304:506:708:90a:b0c:d0e:f10', words);
	const sixteen = new Uint8Array(16);
	writeIPv6(words, sixteen);
	assert.equal([...sixteen], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
});

test('what was written is read', () => {
	const random = new Texts(8);
	const bytes = new Uint8Array(20);
	const words = new Uint32Array(4);
	for (let i = 0; i < 10_000; i++) {
		const address = random.words();
		const offset = random.below(5);
		writeIPv6(address, bytes, offset);
		readIPv6(bytes, words, offset);
		assert.is(words.join(), address.join());
		writeIPv4(address[0] ?? 0, bytes, offset);
		assert.is(readIPv4(bytes, offset), address[0]);
	}
});

test('too few bytes are a RangeError, and nothing is written', () => {
	const bytes = new Uint8Array(15);
	const words = new Uint32Array(4);
	const tooFew = (error: Error): boolean => error instanceof RangeError;
	assert.throws(() => readIPv4(bytes, 12), tooFew);
	assert.throws(() => readIPv4(bytes, -1), tooFew);
	assert.throws(() => readIPv6(bytes, words), tooFew);
	assert.throws(() => writeIPv4(1, bytes, 12), tooFew);
	assert.throws(() => writeIPv6(words.fill(1), bytes), tooFew);
	assert.throws(() => writeIPv6(words, bytes, -1), tooFew);
	assert.equal([...bytes], Array<number>(15).fill(0));
});

test.run();
