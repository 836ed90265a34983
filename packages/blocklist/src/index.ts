/** Which addresses to refuse. */
export * from './block-list.ts';
