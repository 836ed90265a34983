/** A registry of the packed packages on a port of its own, that notes who is asked for, and takes what is published. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Tarball } from './packed.ts';

export interface Registry {
	url: string;
	/** Names of the packages that were asked for, of ours or not. */
	asked: Set<string>;
	/** Names of the packages that were published, in that order. */
	published: string[];
	close(): void;
}

export async function serve(tarballs: Map<string, Tarball>): Promise<Registry> {
	const asked = new Set<string>();
	const published: string[] = [];
	/** Packuments as npm sent them, by name. */
	const sent = new Map<string, string>();
	const server = createServer(async (request, response) => {
		const path = decodeURIComponent(request.url ?? '')
			.slice(1)
			.replace(/\?.*$/, '');
		if (request.method === 'PUT') {
			sent.set(path, await text(request));
			published.push(path);
			return void response.writeHead(201).end('{}');
		}
		const packument = sent.get(path);
		if (packument !== undefined) return void response.end(packument);
		const file = [...tarballs.values()].find((tarball) => basename(tarball.file) === path);
		if (file) return void response.end(readFileSync(file.file));
		asked.add(path);
		const tarball = tarballs.get(path);
		if (tarball) return void response.end(JSON.stringify(describe(tarball, url)));
		response.writeHead(404).end('{}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo; // a TCP server has no other form
	const url = `http://127.0.0.1:${port}/`;
	return {
		url,
		asked,
		published,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** A packument, as npm reads it. */
function describe({ file, manifest }: Tarball, url: string): unknown {
	const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
	const version = { ...manifest, dist: { tarball: `${url}${basename(file)}`, integrity } };
	return { name: manifest.name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: version } };
}
