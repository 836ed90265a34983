import { suite } from 'uvu';
const test = suite('Late rejection');
test('leaves a promise behind', () => {
	setTimeout(() => void Promise.reject(new Error('nobody waits')), 20);
});
test.run();
