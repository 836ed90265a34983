/** What an object shows of its state when nothing is under way. */
import type { Server, Socket } from 'node:net';

const socketProperties = [
	'readyState',
	'pending',
	'connecting',
	'destroyed',
	'closed',
	'errored',
	'readable',
	'writable',
	'readableEnded',
	'readableFlowing',
	'readableLength',
	'readableAborted',
	'readableDidRead',
	'readableEncoding',
	'writableEnded',
	'writableFinished',
	'writableLength',
	'writableCorked',
	'writableNeedDrain',
	'writableAborted',
	'bytesRead',
	'bytesWritten',
	'bufferSize',
	'timeout',
	'allowHalfOpen',
	'remoteAddress',
	'remoteFamily',
	'remotePort',
	'localAddress',
	'localFamily',
	'localPort',
	'autoSelectFamilyAttemptedAddresses',
];

const serverProperties = ['listening', 'maxConnections', 'connections', '_connections'];

export function socketState(socket: Socket): Record<string, unknown> {
	return pick(socket, socketProperties);
}

export function serverState(server: Server): Record<string, unknown> {
	return { ...pick(server, serverProperties), address: server.address() };
}

function pick(object: object, names: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(names.map((name) => [name, Reflect.get(object, name)]));
}
