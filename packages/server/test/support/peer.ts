/** The examples as programs, and clients of Node's own for them. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startProgram } from '@tooling/test';
import type { Program } from '@tooling/test';

export const HOST = '127.0.0.1';

/** Starts an example of this package. */
export function startExample(name: string, parameters: readonly (string | number)[]): Program {
	return startProgram(fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url)), parameters);
}

/** A client that keeps what it read. */
export class Peer {
	readonly socket: Socket;
	text = '';
	readonly closed: Promise<unknown>;

	constructor(at: number | string) {
		this.socket = typeof at === 'string' ? connect(at) : connect(at, HOST);
		this.socket.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
		// The tests look at what was read, and at whether the server goes on.
		this.socket.on('error', () => {});
		this.closed = new Promise((resolve) => this.socket.once('close', resolve));
	}

	/** Resolves once the text matches; the guard's limit is the limit. */
	async reads(pattern: RegExp): Promise<void> {
		while (!pattern.test(this.text)) {
			if (this.socket.destroyed) throw new Error(`closed without ${pattern}:\n${this.text}`);
			await Promise.race([once(this.socket, 'data'), this.closed]);
		}
	}
}

/** Sends all, ends, and resolves with all that came back. */
export async function exchange(at: number | string, text: string): Promise<string> {
	const peer = new Peer(at);
	peer.socket.end(text);
	await peer.closed;
	return peer.text;
}
