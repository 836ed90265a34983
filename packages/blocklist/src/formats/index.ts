/** Lists of addresses in the formats that others have: read from files and streams, written for firewalls. */
export { formatProblem, ListError } from './problem.ts';
export type { Problem } from './problem.ts';
export { ListReader } from './list-reader.ts';
export type { ListFormat, ReadOptions, ReadResult } from './list-reader.ts';
export { readList } from './read-list.ts';
export type { ListSource, Progress } from './source.ts';
export type { Blocks } from './blocks.ts';
export { blocksOf } from './blocks.ts';
export { exportList } from './export-list.ts';
export { EXPORT_FORMATS } from './export-options.ts';
export type { ExportFormat, ExportOptions } from './export-options.ts';
