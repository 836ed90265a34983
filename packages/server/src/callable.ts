/**
 * Makes a constructor of Node's kind out of a class: callable without `new`, on a `this` that was made elsewhere
 * (`util.inherits`, `Reflect.apply`), and as a parent in `extends`. Members are enumerable, as Node's are.
 */
export function callable<Constructor extends object>(
	body: abstract new (...args: never[]) => object,
	construct: (this: unknown, ...args: never[]) => unknown,
	hidden: readonly string[],
): Constructor {
	const { prototype } = body;
	for (const name of Object.getOwnPropertyNames(prototype)) {
		if (name !== 'constructor' && !hidden.includes(name)) {
			Object.defineProperty(prototype, name, { enumerable: true });
		}
	}
	Object.defineProperty(prototype, 'constructor', { value: construct, writable: true, configurable: true });
	Object.defineProperty(construct, 'prototype', { value: prototype });
	// The class' own parent, for statics: Duplex.from, EventEmitter.once.
	Object.setPrototypeOf(construct, Object.getPrototypeOf(body));
	// A function cannot be declared with construct signatures; this is the one place that says so.
	return construct as unknown as Constructor;
}
