/** Values of every type, for calls that take only some of them. */

export const values: readonly (readonly [type: string, value: unknown])[] = [
	['undefined', undefined],
	['null', null],
	['boolean', true],
	['number', 5],
	['negative', -1],
	['fraction', 1.5],
	['NaN', NaN],
	['huge', 2 ** 53],
	['text', 'x'],
	['empty', ''],
	['symbol', Symbol.iterator],
	['bigint', 5n],
	['object', {}],
	['array', []],
	['function', () => {}],
];

/** Values of these types. */
export function of(...types: string[]): unknown[] {
	return values.filter(([type]) => types.includes(type)).map(([, value]) => value);
}

export function except(...types: string[]): unknown[] {
	return values.filter(([type]) => !types.includes(type)).map(([, value]) => value);
}
