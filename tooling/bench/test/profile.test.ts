import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { selfTimes } from '../profile.mjs';

const test = suite('profile');

const frame = (functionName: string, url = '', lineNumber = -1) => ({ functionName, url, lineNumber });

test('a sample lasts until the next one, idle time is left out, one function in several places of the tree is one', () => {
	const nodes = [
		{ id: 1, callFrame: frame('(idle)') },
		{ id: 2, callFrame: frame('write', 'file:///a/b/socket/dist/write.js', 9) },
		{ id: 3, callFrame: frame('', 'file:///a/b/socket/dist/write.js', 4) },
		{ id: 4, callFrame: frame('write', 'file:///a/b/socket/dist/write.js', 9) },
	];
	const lines = selfTimes({ nodes, samples: [1, 2, 3, 4, 1], timeDeltas: [7, 100, 20, 40, 40] });
	assert.equal(lines, [
		{ place: 'write  socket/dist/write.js:10', time: 60, share: 0.6 },
		{ place: '(anonymous)  socket/dist/write.js:5', time: 40, share: 0.4 },
	]);
});

test.run();
