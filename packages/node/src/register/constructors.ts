/**
 * `net.Socket` and `net.Server` as programs and Node's own modules see them: each makes ours, and Node's for those of Node's
 * modules that cannot do with ours.
 */

/** A constructor that can be called as a function, as those of `node:net` can. */
type Constructor = abstract new (...args: never[]) => object;

/**
 * @param ours - the class that programs get; it shares its prototype with what is returned.
 * @param nodes - Node's own. It is called for what inherits from it: TLS and terminals, which were loaded before.
 * @param isNodes - whether these arguments are Node's business.
 */
export function constructorOf(
	ours: Constructor,
	nodes: Constructor,
	isNodes: (given: unknown) => boolean,
): Constructor {
	function facade(this: unknown, ...args: unknown[]): unknown {
		if (new.target === undefined) {
			// On a `this` that was made elsewhere: `net.Socket.call(this)`, `util.inherits`.
			if (this instanceof nodes) return Reflect.apply(nodes as never, this, args);
			if (this instanceof ours) return Reflect.apply(ours as never, this, args);
		}
		const target = new.target ?? facade;
		if (target === facade && isNodes(args[0])) return Reflect.construct(nodes, args);
		return Reflect.construct(ours, args, target);
	}
	Object.defineProperty(facade, 'name', { value: ours.name });
	Object.defineProperty(facade, 'length', { value: nodes.length });
	Object.defineProperty(facade, 'prototype', { value: ours.prototype });
	Object.setPrototypeOf(facade, Object.getPrototypeOf(ours));
	Object.defineProperty(facade, Symbol.hasInstance, {
		configurable: true,
		// Inherited by subclasses, of which Node's own are no instances.
		value(this: unknown, value: unknown): boolean {
			return isInstance.call(this, value) || (this === facade && value instanceof nodes);
		},
	});
	// A function has no construct signature of its own; this is the one place that says so.
	return facade as unknown as Constructor;
}

const isInstance = Function.prototype[Symbol.hasInstance];
