/** A class that is loaded when it is first touched. */

/** @param load - gives the class; called once. */
export function lazyClass<Class extends object>(load: () => Class): Class {
	let loaded: Class | undefined;
	const handler = new Proxy<ProxyHandler<Class>>(
		{},
		{
			// Whatever is done to it is done to the class, by the function of Reflect that has the trap's name.
			get: (_target, trap: keyof typeof Reflect) => {
				const act: (...args: unknown[]) => unknown = Reflect[trap] as never;
				return (_facade: unknown, ...args: unknown[]) => {
					const done = act((loaded ??= load()), ...args);
					// What the facade does not have itself cannot be told as unchangeable.
					if (trap === 'getOwnPropertyDescriptor' && done) return { ...done, configurable: true };
					return done;
				};
			},
		},
	);
	// Bound, for what is bound can be constructed and has no `prototype` of its own that the class' would have to equal.
	return new Proxy(Object.bind(null) as unknown as Class, handler);
}
