import { suite } from 'uvu';
const ran = suite('Ran');
ran('passes', () => {});
ran.run();
const forgotten = suite('Forgotten');
forgotten('would fail', () => {
	throw new Error('nobody calls');
});
