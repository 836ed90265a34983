/** Which addresses to refuse. */
export * from './batch.ts';
export * from './block-list.ts';
