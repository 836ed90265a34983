// net-test: limit 2 s
import { suite } from 'uvu';
const test = suite('Block');
test('keeps the thread', () => {
	for (;;);
});
test.run();
