/** Writes the last part of packages/node/COMPATIBILITY.md from src/differences.ts; the kit has to be built. */
import { readArguments } from '@tooling/test/arguments';

const help = `node tooling/conformance/compatibility.mjs     without options

Writes what differs into packages/node/COMPATIBILITY.md; build the kit before.
`;

const { values } = readArguments('compatibility', { options: { help: { type: 'boolean' } } });
if (values.help) process.stdout.write(help);
else (await import('./dist/src/compatibility.js')).writeDifferences();
