import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { helpText, parseSettings } from '../arguments.mjs';

const test = suite('arguments');
const cases = ['echo', 'file'];

function settings(...words: string[]) {
	const parsed = parseSettings(words, cases);
	if (parsed === 'help') throw new Error('help was not asked for');
	return parsed;
}

test('without words all cases run with their defaults', () => {
	const { cases: chosen, seconds, seed, unix, publish, ...rest } = settings();
	assert.equal(chosen, cases);
	assert.equal({ seconds, seed, unix, publish }, { seconds: 1, seed: 1, unix: false, publish: false });
	assert.ok(
		Object.values(rest).every((value) => value === undefined),
		'what is not asked for is left to the case',
	);
});

test('cases and options are taken in any order', () => {
	const parsed = settings('--rounds', '11', 'file', '--contenders', 'net,streams', '--seconds=0.5', 'file');
	assert.equal(parsed.cases, ['file']);
	assert.equal(parsed.contenders, ['net', 'streams']);
	assert.is(parsed.rounds, 11);
	assert.is(parsed.seconds, 0.5);
});

test('what is not there or makes no sense is refused by name', () => {
	assert.throws(() => settings('ecko'), /no case is called ecko; there are echo, file/);
	assert.throws(() => settings('--contenders', 'net,nett'), /no contender is called nett/);
	assert.throws(() => settings('--contenders', ','), /wants names/);
	assert.throws(() => settings('--rounds', '0'), /--rounds wants a number from 1/);
	assert.throws(() => settings('--rounds', '1.5'), /--rounds wants a whole number/);
	assert.throws(() => settings('--seconds', 'x'), /--seconds wants a number/);
	assert.throws(() => settings('--seconds', ''), /--seconds wants a number/);
	assert.throws(() => settings('--size', '1e99'), /--size wants a number/);
	assert.throws(() => settings('--bogus'), /bogus/);
	assert.throws(() => settings('--profile', 'net'), /wants one case/);
	assert.throws(() => settings('echo', '--profile', 'nett'), /no contender/);
});

test('help is asked for by --help and -h, and names cases, contenders and options', () => {
	assert.is(parseSettings(['echo', '--help'], cases), 'help');
	assert.is(parseSettings(['-h'], cases), 'help');
	const text = helpText([{ name: 'echo', summary: 'says it again' }]);
	for (const word of ['echo', 'says it again', 'portable', 'streams-26', '--rounds', '--profile']) {
		assert.ok(text.includes(word), word);
	}
});

test.run();
