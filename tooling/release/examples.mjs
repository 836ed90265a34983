/** The examples in a README: its `js` blocks, and what they say that they print. */

/** The code of the fenced `js` blocks. @param {string} markdown */
export function examples(markdown) {
	return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** What an example says that it prints: the comments behind its `console.log(…)`, in order. @param {string} code */
export function promises(code) {
	return [...code.matchAll(/console\.log\(.*\);? *\/\/ (.+)$/gm)].map(([, text = '']) => text.trim());
}

/**
 * What differs between what an example promises and what it printed; '' where nothing does, or it promises nothing.
 * @param {string} code
 * @param {string} printed
 */
export function differences(code, printed) {
	const promised = promises(code).join('\n');
	return promised === '' || printed.trim() === promised
		? ''
		: `promised:\n${promised}\nprinted:\n${printed.trim()}\nby:\n${code}`;
}
