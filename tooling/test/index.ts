/** What tests import from the guard beside uvu. */
export { askNode26, hostCommand } from './hosts.ts';
export { startCommand, startProgram } from './program.ts';
export type { Program } from './program.ts';
export { Random } from './random.ts';
export { skip } from './skip.ts';
