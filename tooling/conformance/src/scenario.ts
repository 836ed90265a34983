/**
 * What a scenario is: a small program over a given `net` that records what it sees. Each file of `scenarios/` registers
 * those of one subject; the kit runs them on `node:net` and on `@net/node` and compares what they recorded.
 */
import { existsSync, readdirSync } from 'node:fs';
import type { Recorder } from './recorder.ts';

/** The module under test. */
export type Net = typeof import('node:net');

export type Body = (net: Net, recorder: Recorder) => void | Promise<void>;

export interface ScenarioOptions {
	/**
	 * `own`: a process for this scenario alone, whose end is part of the trace (exit code, signal, what it printed).
	 * For all that is about exits, uncaught exceptions and ref/unref. Default: shared with the subject's others.
	 */
	readonly process?: 'own';
	/**
	 * `host`: the reference is the same Node's `node:net`, for what comes from that Node's streams and not from `net`.
	 * Default: the reference is Node 26's, whichever Node runs ours.
	 */
	readonly follows?: 'host';
}

export interface Scenario {
	/** `<subject>/<sentence>`, unique. */
	readonly name: string;
	readonly subject: string;
	readonly options: ScenarioOptions;
	readonly body: Body;
}

const folder = new URL('../scenarios/', import.meta.url);
const registered = new Map<string, Scenario[]>();
let current = '';

/** Registers a scenario of the file that is being loaded. `sentence` says what holds on `node:net`. */
export function scenario(sentence: string, body: Body, options: ScenarioOptions = {}): void {
	const list = registered.get(current) ?? [];
	const name = `${current}/${sentence}`;
	if (list.some((other) => other.name === name)) throw new Error(`two scenarios are called ${name}`);
	list.push({ name, subject: current, options, body });
	registered.set(current, list);
}

/** The subjects that there are, in order of the alphabet. */
export function subjects(): string[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.js'))
		.map((file) => file.slice(0, -3))
		.filter((subject) => existsSync(new URL(`../../scenarios/${subject}.ts`, import.meta.url)))
		.sort();
}

/** Where a subject's compiled program is. */
export function programOf(subject: string): URL {
	return new URL(`${subject}.js`, folder);
}

/** Loads a subject's scenarios; loading does nothing but register them. */
export async function load(subject: string): Promise<Scenario[]> {
	current = subject;
	await import(programOf(subject).href);
	const list = registered.get(subject);
	if (list === undefined) throw new Error(`scenarios/${subject}.ts registers no scenario`);
	return list;
}
