/**
 * TLS over one of our sockets: `tls.connect({ socket })`, `new TLSSocket(socket)`, `server.emit('connection', socket)`.
 *
 * A TLSSocket takes a stream without a native handle through an adapter of Node's. But what is a `net.Socket` and has no handle
 * counts as still connecting there, and the handshake would never begin; and the adapter knows neither addresses nor settings.
 */
import type { Socket } from '@net/socket';

import type { Patches } from './patches.ts';

export function patchTls(patches: Patches, prototype: object, ours: abstract new (...args: never[]) => Socket): void {
	const before: unknown = Reflect.get(prototype, '_init');
	if (typeof before !== 'function') return;
	// Called at the end of the constructor, and again for each further address that Node's own connecting tries.
	function _init(this: TlsSocket, socket?: unknown, adapter?: { _handle?: object | null }): void {
		Reflect.apply(before as never, this, [socket, adapter]);
		if (!(socket instanceof ours)) return;
		this.connecting = socket.connecting;
		// The end of the bytes is TLS' to answer, when it has passed on what it still holds.
		socket.allowHalfOpen = true;
		if (adapter?._handle) Object.assign(adapter._handle, handleMethods(socket));
	}
	patches.property('tls.TLSSocket.prototype._init', prototype, '_init', _init);
}

interface TlsSocket {
	connecting: boolean;
}

/** What Node's sockets ask a native handle for. */
function handleMethods(socket: Socket): object {
	return {
		getpeername: (out: object) => told(out, socket._getpeername()),
		getsockname: (out: object) => told(out, socket._getsockname()),
		ref: () => void socket.ref(),
		unref: () => void socket.unref(),
		setNoDelay: (on: boolean) => done(socket.setNoDelay(on)),
		setKeepAlive: (on: boolean, delaySeconds: number) => done(socket.setKeepAlive(on, delaySeconds * 1000)),
	};
}

function told(out: object, address: object): number {
	Object.assign(out, address);
	return 0;
}

/** Node's handles answer 0. */
function done(_socket: Socket): number {
	return 0;
}
