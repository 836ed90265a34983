/** Values as text that is the same in every run: ports, paths and objects under the names that a scenario gave them. */

const longestText = 200;

export class Names {
	readonly #objects = new WeakMap<object, string>();
	readonly #numbers = new Map<number, string>();
	readonly #texts = new Map<string, string>();

	/** From now on `value` is shown as `<name>`; numbers and strings also where they stand inside a string. */
	add(value: unknown, name: string): void {
		if (typeof value === 'number') this.#numbers.set(value, name);
		else if (typeof value === 'string') this.#texts.set(value, name);
		else if ((typeof value === 'object' && value !== null) || typeof value === 'function')
			this.#objects.set(value, name);
	}

	/** @param depth - how many levels of objects and arrays are shown. */
	show(value: unknown, depth = 4): string {
		switch (typeof value) {
			case 'string':
				return this.#quote(value);
			case 'number':
				return this.#numbers.has(value) ? `<${this.#numbers.get(value)}>` : Object.is(value, -0) ? '-0' : String(value);
			case 'bigint':
				return `${value}n`;
			case 'symbol':
				return value.toString();
			case 'function':
				return this.#objects.has(value) ? `<${this.#objects.get(value)}>` : `[Function ${value.name}]`;
			case 'object':
				return value === null ? 'null' : this.#showObject(value, depth);
			default:
				return String(value);
		}
	}

	/** A text with the known ports and paths replaced by their names. */
	replace(text: string): string {
		// The longer first: a path contains the path of its folder.
		const known = [...this.#texts].sort(([a], [b]) => b.length - a.length);
		for (const [part, name] of known) if (part !== '') text = text.replaceAll(part, `<${name}>`);
		return text.replace(/\d{4,}/g, (digits) => {
			const name = this.#numbers.get(Number(digits));
			return name === undefined ? digits : `<${name}>`;
		});
	}

	#quote(text: string): string {
		const replaced = this.replace(text);
		if (replaced.length > longestText) return `'${escape(replaced.slice(0, 40))}…' (${replaced.length})`;
		return `'${escape(replaced)}'`;
	}

	#showObject(value: object, depth: number): string {
		const name = this.#objects.get(value);
		if (name !== undefined) return `<${name}>`;
		if (value instanceof Error) return this.#showError(value, depth);
		if (ArrayBuffer.isView(value)) return this.#showBytes(value);
		if (Array.isArray(value)) {
			if (depth === 0) return '[…]';
			return `[${value.map((item) => this.show(item, depth - 1)).join(', ')}]`;
		}
		const prototype: unknown = Object.getPrototypeOf(value);
		if (prototype === Object.prototype || prototype === null) return this.#showFields(value, Object.keys(value), depth);
		return `[${nameOfConstructor(value)}]`;
	}

	#showFields(value: object, keys: readonly string[], depth: number): string {
		if (depth === 0) return '{…}';
		const fields = keys.map((key) => `${key}: ${this.show(Reflect.get(value, key), depth - 1)}`);
		return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
	}

	#showError(error: Error, depth: number): string {
		const own = Object.getOwnPropertyNames(error).filter((key) => key !== 'stack' && key !== 'message');
		if (!onNode)
			return `${visible(this.replace(String(error)))} ${this.#showFields(error, likeNode(error, own), depth)}`;
		return `${visible(this.replace(String(error)))} ${this.#showFields(error, own, depth)}`;
	}

	#showBytes(view: ArrayBufferView): string {
		const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
		const kind = nameOfConstructor(view);
		const latin = bytes.toString('latin1');
		if (bytes.length > 64) return `${kind}(${bytes.length})`;
		return `${kind} ${/^[\t-~]*$/.test(latin) ? this.#quote(latin) : `<${bytes.toString('hex')}>`}`;
	}
}

const onNode = !('bun' in process.versions) && !('deno' in process.versions);

/** The fields of an error as they are on Node: Bun adds where it was made and hides `code`, Deno repeats the class's. */
function likeNode(error: Error, keys: readonly string[]): string[] {
	const prototype: unknown = Object.getPrototypeOf(error);
	const inherited = (key: string): boolean =>
		typeof prototype === 'object' && prototype !== null && Reflect.get(prototype, key) === Reflect.get(error, key);
	const kept = keys.filter((key) => !positions.has(key) && key !== 'toString' && !(key === 'name' && inherited(key)));
	return 'code' in error && !kept.includes('code') ? [...kept, 'code'] : kept;
}

const positions = new Set(['line', 'column', 'sourceURL', 'originalLine', 'originalColumn']);

function nameOfConstructor(value: object): string {
	const made: unknown = Reflect.get(value, 'constructor');
	return typeof made === 'function' ? made.name : 'Object';
}

function escape(text: string): string {
	return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
}

/** A text of one line: control characters are escaped, line ends, too. */
function visible(text: string): string {
	return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
