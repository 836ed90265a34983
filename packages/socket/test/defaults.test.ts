import {
	getDefaultAutoSelectFamily,
	getDefaultAutoSelectFamilyAttemptTimeout,
	setDefaultAutoSelectFamily,
	setDefaultAutoSelectFamilyAttemptTimeout,
} from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const defaults = suite('defaults');

defaults('all addresses are tried, half a second each', () => {
	assert.is(getDefaultAutoSelectFamily(), true);
	assert.is(getDefaultAutoSelectFamilyAttemptTimeout(), 500);
});

defaults('can be changed; ten milliseconds are the least', () => {
	setDefaultAutoSelectFamily(false);
	setDefaultAutoSelectFamilyAttemptTimeout(1);
	assert.is(getDefaultAutoSelectFamily(), false);
	assert.is(getDefaultAutoSelectFamilyAttemptTimeout(), 10);
});

defaults('refuse what they are not', () => {
	assert.throws(() => Reflect.apply(setDefaultAutoSelectFamily, undefined, [1]), /must be of type boolean/);
	assert.throws(() => setDefaultAutoSelectFamilyAttemptTimeout(0), /out of range/);
	assert.throws(() => setDefaultAutoSelectFamilyAttemptTimeout(1.5), /out of range/);
});

defaults.run();
