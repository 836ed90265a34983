/** The examples in a README: its `js` blocks, and what they say that they print. */

/** The code of the fenced `js` blocks. @param {string} markdown */
export function examples(markdown) {
	return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** Those that a page gives names by their first line, `// app.mjs`. @param {string} markdown */
export function files(markdown) {
	return examples(markdown).flatMap((code) => {
		const [, name] = /^\/\/ (\S+\.[cm]?js)$/m.exec(code) ?? [];
		return name !== undefined && code.startsWith(`// ${name}\n`) ? [{ name, code }] : [];
	});
}

/** What to type, and what is printed then: a `sh` block and the `text` block behind it. @param {string} markdown */
export function sessions(markdown) {
	const found = markdown.matchAll(/^```sh\n((?:(?!```).*\n)+)```\n+```text\n((?:(?!```).*\n)+)```$/gm);
	return [...found].map(([, command = '', printed = '']) => ({ command: command.trim(), printed }));
}

/** The files that a page points at, without the place in them. @param {string} markdown */
export function links(markdown) {
	const found = markdown.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)(?:#[^)\s]*)?\)/g);
	return [...found].map(([, path = '']) => path);
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
