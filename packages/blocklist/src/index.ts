/** Which addresses to refuse. */
export * from './batch.ts';
export * from './block-list.ts';
export type { Family } from './ask.ts';
export type { Match } from './match.ts';
export * from './reader.ts';
export type { BlockListOptions, RuleOptions } from './rule-options.ts';
export type { SharedBlockList } from './shared-memory.ts';
