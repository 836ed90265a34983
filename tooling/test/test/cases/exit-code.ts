import { suite } from 'uvu';
const test = suite('Exit code');
test('sets the exit code', () => {
	process.exitCode = 3;
});
test.run();
