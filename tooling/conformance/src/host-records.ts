/** What scenarios do on Bun and Deno instead of what they do on Node 26, line by line, as `hosts/<host>.json` holds it. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Trace } from './trace.ts';

/** The lanes that differ on a host, as ours are there, by the scenarios' names. */
export type HostRecords = Readonly<Record<string, Trace>>;

const kept = new Map<string, HostRecords>();

export function recordsOf(host: string): HostRecords {
	const records: HostRecords = kept.get(host) ?? JSON.parse(readFileSync(fileOf(host), 'utf8'));
	kept.set(host, records);
	return records;
}

/** @param changed - what was found; scenarios without a lane are taken out. */
export function writeRecords(host: string, changed: HostRecords): void {
	const all = Object.entries({ ...recordsOf(host), ...changed });
	const differing = all.filter(([, lanes]) => Object.keys(lanes).length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
	const records = Object.fromEntries(differing);
	kept.set(host, records);
	writeFileSync(fileOf(host), `${JSON.stringify(records, null, '\t')}\n`);
}

function fileOf(host: string): URL {
	return new URL(`../../hosts/${host}.json`, import.meta.url);
}
