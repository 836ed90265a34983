/** Writes the last part of packages/node/COMPATIBILITY.md from src/differences.ts; the kit has to be built. */
import { writeDifferences } from './dist/src/compatibility.js';

writeDifferences();
