/**
 * What `node:net` does. A scenario's reference is Node 26's trace, or, where it says `follows: 'host'`, that of the same
 * Node's `node:net`. Traces are kept in `.cache`, under a hash of the programs that made them.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './runner.ts';
import { programOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { findNode, referenceMajor, targetOf } from './target.ts';
import type { NodeBinary } from './target.ts';
import type { Trace } from './trace.ts';

const cache = new URL('../../.cache/', import.meta.url);

/** The file of a subject and a Node. */
interface Kept {
	hash: string;
	traces: Record<string, Trace>;
}

/** The Node whose trace is the reference when ours runs on `node`. */
export function referenceNode(scenario: Scenario, node: NodeBinary): NodeBinary {
	if (scenario.options.follows === 'host') return node;
	const found = findNode(referenceMajor);
	if (found === undefined) throw new Error(`Node ${referenceMajor} is missing: install tooling/nodes`);
	return found;
}

/** The traces of `chosen` on this Node's `node:net`, from the cache where nothing changed. */
export async function references(
	subject: string,
	scenarios: readonly Scenario[],
	chosen: ReadonlySet<Scenario>,
	node: NodeBinary,
): Promise<Map<Scenario, Trace>> {
	const hash = hashOf(subject, node);
	const file = new URL(`${node.major}/${subject}.json`, cache);
	const kept = readKept(file, hash);
	const missing = new Set([...chosen].filter((scenario) => kept.traces[scenario.name] === undefined));
	if (missing.size > 0) {
		const made = await run(subject, scenarios, missing, targetOf(node, 'host'));
		for (const [scenario, trace] of made) kept.traces[scenario.name] = trace;
		mkdirSync(new URL('.', file), { recursive: true });
		writeFileSync(file, JSON.stringify(kept));
	}
	const found = new Map<Scenario, Trace>();
	for (const scenario of chosen) found.set(scenario, kept.traces[scenario.name] ?? {});
	return found;
}

function readKept(file: URL, hash: string): Kept {
	try {
		const kept: Kept = JSON.parse(readFileSync(file, 'utf8'));
		if (kept.hash === hash) return kept;
	} catch {
		// Not there, or broken by a run that was stopped: made again.
	}
	return { hash, traces: {} };
}

const versions = new Map<string, string>();

function hashOf(subject: string, node: NodeBinary): string {
	let version = versions.get(node.path);
	if (version === undefined) {
		version = execFileSync(node.path, ['--version'], { encoding: 'utf8' });
		versions.set(node.path, version);
	}
	const hash = createHash('sha256').update(version);
	for (const part of ['recorder.js', 'value.js', 'program.js', 'runner.js', 'bound-socket.js', 'every-type.js']) {
		hash.update(readFileSync(new URL(part, import.meta.url)));
	}
	hash.update(readFileSync(programOf(subject)));
	// Programs for workers and child processes.
	const programs = new URL('../../scenarios/programs/', import.meta.url);
	for (const name of existing(programs)) hash.update(readFileSync(new URL(name, programs)));
	return hash.digest('hex');
}

function existing(folder: URL): string[] {
	try {
		return readdirSync(fileURLToPath(folder)).sort();
	} catch {
		return [];
	}
}
