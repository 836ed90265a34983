/** Checks of arguments, accepting what Node's own accept and throwing what they throw. `name` is the argument's, for the text. */
import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_SOCKET_BAD_PORT } from './codes.ts';

const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;
const PORT_MAX = 65_535;

/** @throws ERR_INVALID_ARG_TYPE */
export function validateString(value: unknown, name: string): asserts value is string {
	if (typeof value !== 'string') throw new ERR_INVALID_ARG_TYPE(name, 'string', value);
}

/** @throws ERR_INVALID_ARG_TYPE */
export function validateBoolean(value: unknown, name: string): asserts value is boolean {
	if (typeof value !== 'boolean') throw new ERR_INVALID_ARG_TYPE(name, 'boolean', value);
}

/** @throws ERR_INVALID_ARG_TYPE */
export function validateFunction(value: unknown, name: string): asserts value is (...args: never[]) => unknown {
	if (typeof value !== 'function') throw new ERR_INVALID_ARG_TYPE(name, 'function', value);
}

/** Refuses null, arrays and functions. @throws ERR_INVALID_ARG_TYPE */
export function validateObject(value: unknown, name: string): asserts value is object {
	if (value === null || typeof value !== 'object' || Array.isArray(value)) {
		throw new ERR_INVALID_ARG_TYPE(name, 'object', value);
	}
}

/** Fractions, NaN and infinities are numbers, but NaN is in no range. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validateNumber(value: unknown, name: string, min?: number, max?: number): asserts value is number {
	if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
	if (min === undefined && max === undefined) return;
	if (value >= (min ?? -Infinity) && value <= (max ?? Infinity)) return;
	const bounds = [min === undefined ? [] : `>= ${min}`, max === undefined ? [] : `<= ${max}`];
	throw new ERR_OUT_OF_RANGE(name, bounds.flat().join(' && '), value);
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validateInteger(
	value: unknown,
	name: string,
	min: number = Number.MIN_SAFE_INTEGER,
	max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
	if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
	if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE(name, 'an integer', value);
	if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validateInt32(
	value: unknown,
	name: string,
	min: number = -INT32_MAX - 1,
	max: number = INT32_MAX,
): asserts value is number {
	validateInteger(value, name, min, max);
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validateUint32(value: unknown, name: string, positive = false): asserts value is number {
	validateInteger(value, name, positive ? 1 : 0, UINT32_MAX);
}

/** Milliseconds of a timer; fractions and more than 2**31-1 are accepted. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validateTimeout(value: unknown, name: string): asserts value is number {
	if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
	if (!(value >= 0 && Number.isFinite(value))) {
		throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', value);
	}
}

/**
 * A port as a number or as a text that `Number` reads as one (`'0x50'`, `' 80 '`).
 * @param name - begins the text: `Port`, `options.port`.
 * @returns the port as a number.
 * @throws ERR_SOCKET_BAD_PORT, whatever is wrong.
 */
export function validatePort(port: unknown, name = 'Port', allowZero = true): number {
	if (typeof port === 'number' || (typeof port === 'string' && port.trim() !== '')) {
		const number = Number(port);
		// -0 is told as 0.
		if (Number.isInteger(number) && number >= (allowZero ? 0 : 1) && number <= PORT_MAX) return number + 0;
	}
	throw new ERR_SOCKET_BAD_PORT(name, port, allowZero);
}

/** Anything with `aborted` passes; undefined does too. @throws ERR_INVALID_ARG_TYPE */
export function validateAbortSignal(signal: unknown, name: string): asserts signal is AbortSignal | undefined {
	if (signal === undefined) return;
	if (signal === null || typeof signal !== 'object' || !('aborted' in signal)) {
		throw new ERR_INVALID_ARG_TYPE(name, 'AbortSignal', signal);
	}
}

/** A Buffer, typed array or DataView. @throws ERR_INVALID_ARG_TYPE */
export function validateBuffer(value: unknown, name = 'buffer'): asserts value is ArrayBufferView {
	if (!ArrayBuffer.isView(value)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], value);
}

/** @throws ERR_INVALID_ARG_VALUE */
export function validateOneOf<T>(value: unknown, name: string, allowed: readonly T[]): asserts value is T {
	if (allowed.some((entry) => entry === value)) return;
	const list = allowed.map((entry) => (typeof entry === 'string' ? `'${entry}'` : String(entry))).join(', ');
	throw new ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${list}`);
}
