/** Changes to objects of others that can be taken back, as far as nobody has changed them again since. */
import { debuglog } from 'node:util';

const debug = debuglog('net_register');

export class Patches {
	readonly #undo: (() => void)[] = [];

	/** Puts a plain, writable value in the place of whatever is there; what is new is not enumerable where `hidden`. */
	property(name: string, target: object, key: PropertyKey, value: unknown, hidden = false): void {
		const before = Reflect.getOwnPropertyDescriptor(target, key);
		const enumerable = before?.enumerable ?? !hidden;
		Reflect.defineProperty(target, key, { value, writable: true, configurable: true, enumerable });
		debug('%s', name);
		this.#undo.push(() => {
			if (Reflect.getOwnPropertyDescriptor(target, key)?.value !== value) debug('%s is no longer ours: left', name);
			else if (before === undefined) Reflect.deleteProperty(target, key);
			else Reflect.defineProperty(target, key, before);
		});
	}

	/** Gives an object another prototype. */
	prototype(name: string, target: object, prototype: object): void {
		const before = Reflect.getPrototypeOf(target);
		Reflect.setPrototypeOf(target, prototype);
		debug('%s', name);
		this.#undo.push(() => {
			if (Reflect.getPrototypeOf(target) === prototype) Reflect.setPrototypeOf(target, before);
			else debug('%s is no longer ours: left', name);
		});
	}

	get some(): boolean {
		return this.#undo.length > 0;
	}

	/** The last first. */
	undo(): void {
		for (let each = this.#undo.pop(); each !== undefined; each = this.#undo.pop()) each();
	}
}
