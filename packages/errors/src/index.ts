/** Errors as Node makes them, and the checks that throw them. */
export * from './codes.ts';
export * from './system.ts';
export * from './validate.ts';
