import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { Progress } from '../../src/command/progress.ts';

const test = suite('Progress');

function terminal(isTTY: boolean): { isTTY: boolean; texts: string[]; write(text: string): void } {
	const texts: string[] = [];
	return { isTTY, texts, write: (text) => void texts.push(text) };
}

test('nothing is shown within the first second, then at most five times a second', () => {
	let now = 0;
	const screen = terminal(true);
	const progress = new Progress(screen, () => now);
	for (; now < 1000; now += 10) progress.show('a.txt', now, 4_000_000);
	assert.equal(screen.texts, []);
	for (; now < 2000; now += 10) progress.show('a.txt', now * 1000, 4_000_000);
	assert.is(screen.texts.length, 5);
	assert.is(screen.texts[0], '\rreading a.txt: 25 % of 4.0 MB\u{1b}[K');
	progress.clear();
	progress.clear();
	assert.equal(screen.texts.slice(5), ['\r\u{1b}[K']);
});

test('of stdin, whose length is not known, the bytes are shown', () => {
	let now = 0;
	const screen = terminal(true);
	const progress = new Progress(screen, () => now);
	now = 1500;
	progress.show('-', 2_500_000, 0);
	assert.equal(screen.texts, ['\rreading -: 2.5 MB\u{1b}[K']);
});

test('what is no terminal gets nothing', () => {
	let now = 0;
	const file = terminal(false);
	const progress = new Progress(file, () => now);
	now = 5000;
	progress.show('a.txt', 1, 2);
	progress.clear();
	assert.equal(file.texts, []);
});

test.run();
