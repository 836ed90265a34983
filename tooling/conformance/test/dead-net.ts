/** A `net` that does nothing: whatever is exported throws. A scenario that does not notice cannot fail. */
import net from 'node:net';

/** A function of its own for each name, so that no two are the same. */
function dead(): () => never {
	return function (): never {
		throw new Error('dead');
	};
}

const everything: Record<string, () => never> = Object.fromEntries(Object.keys(net).map((name) => [name, dead()]));

export default everything;
