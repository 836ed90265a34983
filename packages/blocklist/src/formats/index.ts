/** Lists of addresses in the formats that others have: read from files and streams, written for firewalls. */
export { formatProblem, ListError } from './problem.ts';
export type { Problem } from './problem.ts';
export { ListReader } from './list-reader.ts';
export type { ListFormat, ReadOptions, ReadResult } from './list-reader.ts';
export { readList } from './read-list.ts';
export type { ListSource, Progress } from './source.ts';
