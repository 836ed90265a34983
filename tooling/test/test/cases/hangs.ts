// net-test: limit 5 s
import { suite } from 'uvu';
const test = suite('Hang');
test('waits with a handle open', () => new Promise(() => setInterval(() => {}, 1000)));
test.run();
