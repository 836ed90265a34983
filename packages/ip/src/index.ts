/** IP addresses as text, words and bytes: pure functions, no objects, nothing allocated in a check. */
export * from './is-ip.ts';
export { parseIPv4, parseIPv6, parseIPv6Front, parseIPv6Rest, zoneOf } from './parse.ts';
export * from './format.ts';
export * from './prefix.ts';
export * from './bytes.ts';
