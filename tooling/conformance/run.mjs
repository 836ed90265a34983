#!/usr/bin/env node
// Builds the kit and runs it; `--help` says what it can do.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { writeCounts } from '@tooling/test/counts';

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const compiler = fileURLToPath(new URL('bin/tsc', `file://${typescript}`));
const folder = fileURLToPath(new URL('.', import.meta.url));
const built = spawnSync(process.execPath, [compiler, '-b', folder], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

// An interrupted run takes its children with it: they end in a listener of `exit`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const { main } = await import('./dist/src/cli.js');
const { code, counts, what } = await main(process.argv.slice(2));
// For the sum of a whole test run.
if (counts !== undefined) writeCounts(`@tooling/conformance ${what}`, counts);
process.exitCode = code;
