/**
 * A connection: bytes in, bytes out, no stream. @net/socket puts a Duplex on one; `connect` and `listen` of this package
 * give it to those who want callbacks.
 *
 * The upper half of the class is what its owner calls, the lower half (`complete…`) is what drivers call.
 */
import type { AddressInfo, Driver } from './driver.ts';

/**
 * What a handle's owner is told. All are called with the handle first; none may be missing, so that calls stay
 * monomorphic (see `noEvents`). A function may throw: the exception reaches `uncaughtException`, nothing else is lost.
 */
export interface HandleEvents {
	/** Connected (`errno` 0) or not (negative errno; the handle is then to be closed by its owner). */
	connect: (handle: Handle, errno: number) => void;
	/** Bytes came. `chunk` is the receiver's for good; its `buffer` may be shared with other chunks. */
	data: (handle: Handle, chunk: Buffer) => void;
	/** The peer sends no more. */
	end: (handle: Handle) => void;
	/** Reading failed with this negative errno. No `end` follows; the handle is to be closed by its owner. */
	error: (handle: Handle, errno: number) => void;
	/** All that was written so far has left (0), or could not (negative errno). */
	written: (handle: Handle, errno: number) => void;
	/** The half-close has been sent (0), or could not (negative errno). */
	shutdown: (handle: Handle, errno: number) => void;
	/** Closed; nothing follows. */
	close: (handle: Handle) => void;
}

function nothing(): void {}

/** Events that do nothing, to be spread: `{ ...noEvents, data }`. */
export const noEvents: HandleEvents = {
	connect: nothing,
	data: nothing,
	end: nothing,
	error: nothing,
	written: nothing,
	shutdown: nothing,
	close: nothing,
};

/** Nothing below this many unsent bytes makes `write` answer false: 64 KiB. */
const HIGH_WATER_MARK = 65_536;

/** A connection as drivers know it, whose results go to its `events`. For @net/socket; programs take `Connection`. */
export class Handle {
	/** What moves its bytes; one an environment. */
	readonly driver: Driver;
	/** Whom to tell; may be replaced at any time. */
	events: HandleEvents;
	/** The owner's own. */
	context: unknown = undefined;

	/** Bytes received and handed over. */
	bytesRead = 0;
	/** Bytes given to `write`, sent or not. */
	bytesWritten = 0;
	/** Writes that were not completed yet. Kept by the driver. */
	outstanding = 0;
	/** The negative errno of a write that failed while others were outstanding. Kept by the driver. */
	failed = 0;
	/** Bytes written since nothing was outstanding. */
	unsent = 0;

	/** The native driver's own, as the two below: which of its connections this is; -1: none. */
	slot = -1;
	/** Told apart by it are those that had the slot one after another. */
	generation = 0;
	/** Where its half-close was queued; -1: nowhere yet. */
	shutdownAt = -1;
	/** The portable driver's own: the host's `Socket`. */
	host: unknown = undefined;

	#reading = false;
	#closed = false;
	#shutdown = false;
	#referenced = true;
	/** What came after `pause`. */
	#held: Held | undefined = undefined;

	constructor(driver: Driver, events: HandleEvents = noEvents) {
		this.driver = driver;
		this.events = events;
	}

	/**
	 * Queues bytes; they leave at the end of the turn, or at `flush`. On a handle that is not open nothing happens, on
	 * one that is half-closed `written` gets EPIPE.
	 * @param chunk - must stay unchanged until `events.written`; a string is encoded at once. Where its memory is taken away
	 * meanwhile (transferred, resized), `written` gets EFAULT on the native driver.
	 * @returns false when more than 64 KiB are unsent: better wait for `written`.
	 */
	write(chunk: Uint8Array | string, encoding: BufferEncoding = 'utf8'): boolean {
		if (this.#closed) return false;
		const length = this.driver.write(this, chunk, encoding);
		this.bytesWritten += length;
		this.unsent += length;
		return this.unsent < HIGH_WATER_MARK;
	}

	/** Sends what was written now, not at the end of the turn: for those who block the thread next. */
	flush(): void {
		if (!this.#closed) this.driver.submit();
	}

	/** As `flush`; `events.written` is called inside where the kernel has taken it all, and as ever where it has not. */
	settle(): void {
		if (!this.#closed) this.driver.settle(this);
	}

	/**
	 * Half-closes behind what was written; answered by one `events.shutdown`, however often it is called. On a handle that
	 * is not open nothing happens.
	 */
	shutdown(): void {
		if (!this.#closed && !this.#shutdown) this.#shutdown = this.driver.shutdown(this);
	}

	/** Closes; `events.close` follows, nothing else. What the kernel does not take at once is dropped. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#held = undefined;
		this.driver.close(this);
	}

	/** Closes a TCP connection with RST; `events.close` follows, nothing else. */
	reset(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#held = undefined;
		this.driver.reset(this);
	}

	/** Stops to read: the kernel's buffer fills, and the peer has to wait. */
	pause(): void {
		if (!this.#reading) return;
		this.#reading = false;
		if (!this.#closed) this.driver.setReading(this, false);
	}

	/** Reads. Accepted handles read from the start, others have to be asked. */
	resume(): void {
		if (this.#reading || this.#closed) return;
		this.#reading = true;
		if (this.#held !== undefined) process.nextTick(release, this);
		else this.driver.setReading(this, true);
	}

	/** Keeps the process alive while it reads, as it does from the start. */
	ref(): void {
		Handle.#reference(this, true);
	}

	/** Lets the process end while it reads; not while it connects, or has something to send. */
	unref(): void {
		Handle.#reference(this, false);
	}

	// Static, for a class with private methods makes every instance larger.
	static #reference(handle: Handle, on: boolean): void {
		if (handle.#referenced === on) return;
		handle.#referenced = on;
		if (!handle.#closed) handle.driver.setReferenced(handle, on);
	}

	/** Whether it reads, or does so once it is open: false until `resume`, and from `pause` or the end on. */
	get reading(): boolean {
		return this.#reading;
	}

	/** True from `close` or `reset` on, not only from the event on. */
	get closed(): boolean {
		return this.#closed;
	}

	/** False between `unref` and `ref`. */
	get referenced(): boolean {
		return this.#referenced;
	}

	/** Bytes that the kernel has not taken yet although it was asked. */
	get backlog(): number {
		return this.#closed ? 0 : this.driver.backlog(this);
	}

	/** The file descriptor; -1 when closed or not known. */
	get fd(): number {
		return this.#closed ? -1 : this.driver.fd(this);
	}

	/** An AddressInfo on TCP, a path on Unix sockets ('' unnamed), undefined when not open. */
	get local(): AddressInfo | string | undefined {
		return this.#closed ? undefined : this.driver.localAddress(this);
	}

	/** As `local`, of the peer. */
	get remote(): AddressInfo | string | undefined {
		return this.#closed ? undefined : this.driver.remoteAddress(this);
	}

	// ── What drivers call.

	/** An accepted handle reads already, unless its listener accepts paused ones. */
	markReading(on: boolean): void {
		this.#reading = on;
	}

	/** The answer to `connect…`. @param errno - 0 or negative. */
	completeConnect(errno: number): void {
		if (!this.#closed) this.events.connect(this, errno);
	}

	/** Bytes came. @param chunk - the handle's for good; kept while it is paused. */
	completeRead(chunk: Buffer): void {
		if (this.#closed) return;
		if (!this.#reading || this.#held !== undefined) {
			(this.#held ??= new Held()).chunks.push(chunk);
			return;
		}
		this.bytesRead += chunk.length;
		this.events.data(this, chunk);
	}

	/** Nothing more comes. @param errno - 0: the peer ended; negative: reading failed. */
	completeEnd(errno: number): void {
		if (this.#closed) return;
		if (!this.#reading || this.#held !== undefined) {
			(this.#held ??= new Held()).end = errno === 0 ? 1 : errno;
			return;
		}
		this.#reading = false;
		if (errno === 0) this.events.end(this);
		else this.events.error(this, errno);
	}

	/** Nothing is unsent any more. @param errno - negative: it could not be sent. */
	completeWrite(errno: number): void {
		this.unsent = 0;
		if (!this.#closed) this.events.written(this, errno);
	}

	/** The half-close has been sent. @param errno - negative: it could not be. */
	completeShutdown(errno: number): void {
		if (!this.#closed) this.events.shutdown(this, errno);
	}

	/** It is closed: called once, as the last of these. */
	completeClose(): void {
		this.#closed = true;
		this.events.close(this);
	}

	/** Takes back what was received after `pause`, when the connection goes to somebody else. */
	takeHeld(): Buffer[] {
		return this.#held?.chunks.splice(0) ?? [];
	}

	/** Hands over what was held while paused: one chunk a tick, so that a listener can pause again, or throw. */
	release(): void {
		if (!this.#reading || this.#closed) return;
		const held = this.#held;
		const chunk = held?.chunks.shift();
		if (chunk !== undefined) {
			process.nextTick(release, this);
			this.bytesRead += chunk.length;
			this.events.data(this, chunk);
			return;
		}
		this.#held = undefined;
		if (held === undefined || held.end === 0) return this.driver.setReading(this, true);
		this.completeEnd(held.end === 1 ? 0 : held.end);
	}
}

/** What a paused handle keeps for its `resume`. */
class Held {
	readonly chunks: Buffer[] = [];
	/** 0: none; 1: the peer's; negative: the errno that reading failed with. */
	end = 0;
}

function release(handle: Handle): void {
	handle.release();
}
