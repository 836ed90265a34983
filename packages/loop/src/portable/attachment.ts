/** What ties a handle to the host's socket: the host's events become completions, the turn's queue becomes calls. */
import type { Socket } from 'node:net';
import type { AddressInfo } from '../driver.ts';
import type { Handle } from '../handle.ts';
import type { HostHandle } from '../host.ts';
import { raiseLater } from '../raise-later.ts';
import { errnoOfError } from './errno.ts';
import { addressOf } from './host.ts';

export class Attachment {
	readonly handle: Handle;
	readonly host: Socket;
	connecting = false;
	/** What was bound before, if so: the host's socket is over it. */
	bound: HostHandle | undefined = undefined;
	/** It was bound, and is not asked to connect yet. */
	idle = false;
	/** In the driver's queue. */
	queued = false;
	shutdownAsked = false;
	/** How the handle is to be closed, once its owner asked. */
	closing: 'close' | 'reset' | undefined = undefined;
	/** Paths, where it is no TCP connection. */
	localPath: string | undefined = undefined;
	remotePath: string | undefined = undefined;

	/** Our end when the peer ended: a host that is done with both ends forgets it, though the handle is still open. */
	#lastAddress: AddressInfo | string | undefined = undefined;
	/** The peer's end or a failure was reported. */
	#ended = false;
	#shutdownSent = false;
	#shutdownDone = false;
	/** The host's socket has closed, by us or (after both ends, or an error) by itself. */
	#hostClosed = false;
	#writeErrno = 0;
	#hostReferenced = true;
	/** What was written in this turn, in the host's measure: a string by its length. */
	#queuedLength = 0;

	constructor(handle: Handle, host: Socket, accepted: boolean) {
		this.handle = handle;
		this.host = host;
		if (!accepted) host.once('connect', this.#onConnect);
		host.on('data', this.#onData);
		host.once('end', this.#onEnd);
		host.on('error', this.#onError);
		host.once('close', this.#onClose);
	}

	/** Lets go of a host whose socket was never opened. */
	forget(): void {
		this.host.removeAllListeners();
		this.host.on('error', () => {});
		this.host.destroy();
	}

	/** Lets go of a host's socket whose inside goes to a server. */
	release(): void {
		const { host } = this;
		// Not all at once: that makes the host look at its stream again, and read.
		host.off('connect', this.#onConnect).off('data', this.#onData).off('end', this.#onEnd);
		host.off('error', this.#onError).off('close', this.#onClose);
	}

	setReading(on: boolean): void {
		if (on) this.host.resume();
		else this.host.pause();
		this.updateReference();
	}

	/**
	 * To be called once the host has a descriptor: before, it notes the call and obeys when it is connected.
	 *
	 * A paused host may go on reading until its buffer is full and would keep the process alive; by the contract it may
	 * not. Unfinished writes and half-closes keep it alive, which some hosts see to and others do not.
	 */
	updateReference(): void {
		const { handle, host } = this;
		const sending = handle.outstanding > 0 || (this.#shutdownSent && !this.#shutdownDone);
		const referenced = this.connecting || sending || (handle.referenced && handle.reading);
		if (referenced === this.#hostReferenced) return;
		this.#hostReferenced = referenced;
		if (referenced) host.ref();
		else host.unref();
	}

	/** @returns how many bytes these are. */
	write(chunk: Uint8Array | string, encoding: BufferEncoding): number {
		const { handle, host } = this;
		const data = dataToKeep(chunk, encoding);
		const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
		handle.outstanding++;
		if (this.shutdownAsked) {
			// The host would take it for a fault of the program and destroy the socket.
			process.nextTick(this.#onWritten, { code: 'EPIPE' });
			return length;
		}
		if (host.writableCorked === 0) host.cork();
		this.#queuedLength += data.length;
		host.write(data, this.#onWritten);
		return length;
	}

	/** What the kernel refused so far. */
	get backlog(): number {
		return this.host.writableLength - this.#queuedLength;
	}

	/** The local end, as the contract has it: a path, '' where it has no name. */
	get localAddress(): AddressInfo | string | undefined {
		const { host } = this;
		if (host.destroyed) return this.#lastAddress;
		if (host.connecting && this.bound === undefined) return undefined;
		return this.localPath ?? addressOf(host.address()) ?? '';
	}

	/** The peer's end likewise. */
	get remoteAddress(): AddressInfo | string | undefined {
		const { host } = this;
		if (this.idle || host.destroyed || host.connecting) return undefined;
		if (this.remotePath !== undefined) return this.remotePath;
		const { remoteAddress: address, remoteFamily: family, remotePort: port } = host;
		return addressOf({ address, family, port }) ?? '';
	}

	/** The end of the turn. */
	submit(): void {
		this.queued = false;
		const { host } = this;
		if (host.writableCorked !== 0) host.uncork();
		this.#queuedLength = 0;
		if (this.shutdownAsked && !this.#shutdownSent && this.closing !== 'reset') {
			this.#shutdownSent = true;
			host.end(this.#onShutdown);
		}
		if (this.closing !== undefined) this.#close();
		else this.updateReference();
	}

	#close(): void {
		const { host } = this;
		if (this.#hostClosed) setImmediate(() => this.handle.completeClose());
		else if (this.closing === 'reset' && this.#canReset()) host.resetAndDestroy();
		else host.destroy();
	}

	/** Unix sockets know no reset; libuv refuses one behind a half-close, and the host would then forget the descriptor. */
	#canReset(): boolean {
		const { host } = this;
		const halfClosing = this.#shutdownSent && !this.#shutdownDone;
		return !host.destroyed && !host.connecting && !halfClosing && host.remoteAddress !== undefined;
	}

	// ── The host's events. Each completion is guarded: what a listener throws must not unwind the host's own code.

	readonly #onConnect = (): void => {
		this.connecting = false;
		this.updateReference();
		try {
			this.handle.completeConnect(0);
		} catch (error) {
			raiseLater(error);
		}
	};

	readonly #onData = (chunk: Buffer): void => {
		try {
			this.handle.completeRead(chunk);
		} catch (error) {
			raiseLater(error);
		}
	};

	readonly #onEnd = (): void => {
		this.#end(0);
	};

	readonly #onError = (failure: unknown): void => {
		const errno = errnoOfError(failure);
		if (!this.connecting) return this.#end(errno);
		this.connecting = false;
		try {
			this.handle.completeConnect(errno);
		} catch (error) {
			raiseLater(error);
		}
	};

	/** A host that failed to write reads no more either, so that is the end as well. */
	#end(errno: number): void {
		if (this.#ended) return;
		this.#ended = true;
		if (!this.host.destroyed) this.#lastAddress = addressOf(this.host.address());
		try {
			this.handle.completeEnd(errno);
		} catch (error) {
			raiseLater(error);
		}
	}

	readonly #onWritten = (failure?: unknown): void => {
		const { handle } = this;
		// A write that was under way when the host failed is reported as sent or as cancelled; `errored` knows better.
		const reason = this.host.errored ?? failure;
		if (reason !== null && reason !== undefined && this.#writeErrno === 0) this.#writeErrno = errnoOfError(reason);
		if (--handle.outstanding !== 0) return;
		this.updateReference();
		const errno = this.#writeErrno;
		this.#writeErrno = 0;
		try {
			handle.completeWrite(errno);
		} catch (error) {
			raiseLater(error);
		}
	};

	readonly #onShutdown = (failure?: unknown): void => {
		this.#shutdownDone = true;
		this.updateReference();
		try {
			this.handle.completeShutdown(failure === null || failure === undefined ? 0 : errnoOfError(failure));
		} catch (error) {
			raiseLater(error);
		}
	};

	readonly #onClose = (): void => {
		this.#hostClosed = true;
		// While it is queued the end of the turn is still to find out that there is nothing left to close.
		if (this.closing === undefined || this.queued) return;
		try {
			this.handle.completeClose();
		} catch (error) {
			raiseLater(error);
		}
	};
}

/** What the host is given of a chunk; text in UTF-8 is left to it. */
function dataToKeep(chunk: Uint8Array | string, encoding: BufferEncoding): Uint8Array | string {
	if (typeof chunk === 'string') {
		// Other encodings skip what they cannot read, so their bytes are counted when there are any; Node 20 aborts on half a byte of hex.
		return encoding === 'utf8' ? chunk : Buffer.from(chunk, encoding);
	}
	// Programs write a header, and use its memory again for the next one: as if the kernel had taken it already.
	return chunk.length < COPIED_BELOW ? Buffer.from(chunk) : chunk;
}

/** Bytes; the native driver copies so much, and longer chunks are not held back until the turn ends. */
const COPIED_BELOW = 32_768;
