/**
 * Passes when what the kernel was given before has arrived: loopback keeps its order, so a byte that is sent now comes after
 * all of it; and when the loop has told what follows from it.
 */
import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';

export class Barrier {
	readonly #near: Socket;
	readonly #far: Socket;

	private constructor(near: Socket, far: Socket) {
		this.#near = near;
		this.#far = far;
	}

	static async make(): Promise<Barrier> {
		const server = createServer({ noDelay: true });
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (typeof address !== 'object' || address === null) throw new Error('no port for the barrier');
		const near = connect({ port: address.port, host: '127.0.0.1', noDelay: true });
		const accepted: Promise<Socket> = new Promise((resolve) => server.once('connection', resolve));
		const [far] = await Promise.all([accepted, once(near, 'connect')]);
		server.close();
		return new Barrier(near, far);
	}

	/** Comes back in the check phase. */
	async pass(): Promise<void> {
		await rounds(3);
		const arrived: Promise<unknown> = new Promise((resolve) => this.#far.once('data', resolve));
		this.#near.write('.');
		await arrived;
		await rounds(3);
	}
}

async function rounds(count: number): Promise<void> {
	for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
