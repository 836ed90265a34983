/**
 * Differences from `node:net` that are accepted, with the reason. A row names the whole lane that we give instead, so
 * that it hides nothing else; a row whose scenario does not differ that way any more fails the run.
 */
import type { Driver } from './target.ts';
import type { Trace } from './trace.ts';

export interface AcceptedDifference {
	/** The scenario's name. */
	readonly scenario: string;
	/** Default: both drivers. */
	readonly drivers?: readonly Driver[];
	/** Default: every Node. */
	readonly majors?: readonly string[];
	readonly reason: string;
	/** The lanes that differ, as ours are. */
	readonly lanes: Trace;
}

export const acceptedDifferences: readonly AcceptedDifference[] = [
	{
		scenario: 'socket-address/properties are getters of the prototype',
		reason: 'a structured clone carries the values only where they are own properties',
		lanes: {
			main: [
				"own: ['address', 'port', 'family', 'flowlabel']",
				"address: false, '127.0.0.1'",
				"family: false, 'ipv4'",
				'port: false, 5',
				'flowlabel: false, 0',
				'JSON: \'{"address":"127.0.0.1","port":5,"family":"ipv4","flowlabel":0}\'',
			],
		},
	},
	{
		scenario: 'socket-address/a NUL is in no address',
		reason: 'Node reads an address up to a NUL, and what stands behind it counts for nothing',
		lanes: {
			main: [
				...['SocketAddress', 'addAddress'].map(
					(call) => `${call} throws Error: Invalid socket address { code: 'ERR_INVALID_ADDRESS' }`,
				),
				'rules: []',
				'isIP: 0, [SocketAddress]',
			],
		},
	},
	{
		scenario: 'ref/getActiveResourcesInfo names servers and sockets',
		drivers: ['native'],
		reason: "the list is of Node's own handles; a package can add nothing to it",
		lanes: { main: ['listening: []', 'closed: []', 'exit: 0'] },
	},
	{
		scenario: 'diagnostics/perf_hooks: an entry of type net for a connection over TCP',
		drivers: ['native'],
		reason: "the timeline's entries of this type are made by Node alone; a package can add none",
		lanes: { main: ['closed'] },
	},
	{
		scenario: 'block-list-members/a structured clone',
		reason: "only Node's own classes have a say in how they are cloned: send what share() or toJSON() gives",
		lanes: { main: ['clone: {}, false, undefined'] },
	},
	{
		scenario: 'listen/reusePort lets two servers share a port',
		drivers: ['portable'],
		majors: ['20'],
		reason: 'the host has no reusePort (Node 22.12 has)',
		lanes: {
			second: [
				"error: Error: listen EADDRINUSE: address already in use 127.0.0.1:<port> { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1', port: <port> }",
			],
		},
	},
	{
		scenario: 'unix/modes: default, readableAll, writableAll',
		drivers: ['portable'],
		majors: ['20'],
		reason: "the host's libuv adds to the mode that the umask left",
		lanes: {
			main: [
				"{}: '700'",
				"{ readableAll: true }: '744'",
				"{ writableAll: true }: '722'",
				"{ readableAll: true, writableAll: true }: '766'",
			],
		},
	},
	{
		scenario: 'exports/Socket.prototype has the public methods and accessors',
		reason:
			'flush() is our own: it sends at once what would leave at the end of the turn; write() remembers whom to tell',
		lanes: {
			main: [
				...methods(0, 'address'),
				...getters('bufferSize', 'bytesRead', 'bytesWritten'),
				...methods(0, 'connect'),
				...methods(1, 'constructor'),
				...methods(0, 'destroySoon'),
				...methods(3, 'end'),
				...methods(0, 'flush', 'getTypeOfService'),
				...getters('localAddress', 'localFamily', 'localPort'),
				...methods(0, 'pause'),
				...getters('pending'),
				...methods(1, 'read'),
				...getters('readyState'),
				...methods(0, 'ref'),
				...getters('remoteAddress', 'remoteFamily', 'remotePort'),
				...methods(0, 'resetAndDestroy', 'resume'),
				...methods(4, 'setKeepAlive'),
				...methods(1, 'setNoDelay'),
				...methods(2, 'setTimeout'),
				...methods(1, 'setTypeOfService'),
				...methods(0, 'unref'),
				...methods(3, 'write'),
			],
		},
	},
	{
		scenario: 'connect-errors/an address that no TCP connection goes to fails at once',
		drivers: ['portable'],
		reason: 'the host tells later whether it can connect',
		lanes: {
			main: [
				"connectionAttempt: '255.255.255.255', 1, 4",
				...["connectionAttemptFailed: '255.255.255.255', 1, 4, ", 'error: '].map(
					(event) =>
						`${event}Error: connect ENETUNREACH 255.255.255.255:1 { errno: -101, code: 'ENETUNREACH', syscall: 'connect', address: '255.255.255.255', port: 1 }`,
				),
				'close: true',
			],
		},
	},
	{
		scenario: 'exhaustion/connect to a port: an error event, and later it works',
		drivers: ['portable'],
		reason: 'the host tells later that it cannot connect: which end of its own the socket had is not in the text then',
		lanes: {
			main: [
				"output: ['accepted', 'true false opening', 'client error connect EMFILE 127.0.0.1:<port> -24 EMFILE connect 127.0.0.1 <port>', 'client close true', 'accepted', 'client close false', '']",
				"errors: ''",
				"end: '0 null'",
			],
		},
	},
	{
		scenario: 'exhaustion/connect to two addresses: an error of both',
		drivers: ['portable'],
		reason: 'the host tells later that it cannot connect: which end of its own the socket had is not in the text then',
		lanes: {
			main: [
				"output: ['accepted', 'client error connect EMFILE 127.0.0.1:<port> -24 EMFILE connect 127.0.0.1 <port> + connect EMFILE ::1:<port> -24 EMFILE connect ::1 <port>', 'client close true', '']",
				"errors: ''",
				"end: '0 null'",
			],
		},
	},
	{
		scenario: 'write/a callback does not wait for what is written after the turn of its chunk',
		drivers: ['portable'],
		reason: 'the host tells in ticks of its own that it has written',
		lanes: Object.fromEntries(
			['TCP', 'Unix'].map((lane) => [lane, ['a tick behind them', 'first: null', 'second: null', 'later: null']]),
		),
	},
	{
		scenario: 'bound-client/adopted, an address of the other family fails',
		drivers: ['portable'],
		reason: 'the host tells later whether it can connect',
		lanes: {
			main: [
				"new BoundSocket [{ host: '127.0.0.1' }] -> <bound>",
				"connectionAttempt: '::1', <port>, 6",
				'at once: true',
				...["connectionAttemptFailed: '::1', <port>, 6, ", 'error: '].map(
					(event) =>
						`${event}Error: connect EAFNOSUPPORT ::1:<port> { errno: -97, code: 'EAFNOSUPPORT', syscall: 'connect', address: '::1', port: <port> }`,
				),
				'close: true',
			],
		},
	},
	{
		scenario: 'bound-path/a path: a client has a name of its own',
		drivers: ['portable'],
		reason: "a pipe of the host's that was bound before is neither readable nor writable once it is connected",
		lanes: {
			main: [
				"new BoundSocket [{ path: '<tmp>/client.sock' }] -> <bound>",
				"error: Error: connect ENOTSUP <tmp>/named.sock { errno: -95, code: 'ENOTSUP', syscall: 'connect', address: '<tmp>/named.sock' }",
				'close: true',
				"text: ''",
				'closed: false',
			],
		},
	},
	{
		scenario: 'diagnostics/net.server.socket tells of a socket that is accepted',
		drivers: ['portable'],
		reason: 'the host tells of the socket below ours as well',
		lanes: { main: ['messages: [{ socket: <peer> }, { socket: [Socket] }]'] },
	},
	{
		scenario: 'diagnostics/the tracing channel net.server.listen',
		drivers: ['portable'],
		reason: 'the host tells of the server below ours as well',
		lanes: {
			main: [
				...twice("asyncStart: ['options', 'server']"),
				...twice("asyncEnd: ['server']"),
				...twice("asyncStart: ['options', 'server']"),
				...twice("error: ['error', 'server']"),
			],
		},
	},
	{
		scenario: 'listen-errors/descriptors that are none, or no socket',
		drivers: ['portable'],
		reason: 'the host tells later whether it can listen on a descriptor; until then the server counts as listening',
		lanes: {
			main: [
				'listen({ fd: -1 }) throws TypeError [ERR_INVALID_ARG_VALUE]: The argument \'options\' must have the property "port" or "path". Received { fd: -1 } { code: \'ERR_INVALID_ARG_VALUE\' }',
				'unused listening at once: true',
				"unused error: Error: listen EINVAL: invalid argument { code: 'EINVAL', errno: -22, syscall: 'listen', address: null }",
				'unused after: false, null',
				"a file: 'EINVAL'",
			],
		},
	},
	{
		scenario: 'cluster/reusePort: each worker binds for itself',
		drivers: ['portable'],
		majors: ['20'],
		reason: 'the host has no reusePort (Node 22.12 has)',
		lanes: { main: ['false "answer"', 'exit: 0'] },
	},
	{
		scenario: 'listen-forms/(socket) that is connected: EINVAL',
		reason:
			'Node closes the handle and leaves the socket as if it were open: its next read fails, its close never comes',
		lanes: {
			main: [
				'at once: false',
				"error: Error: listen EINVAL: invalid argument { code: 'EINVAL', errno: -22, syscall: 'listen', address: null, port: -1 }",
				'destroyed: true',
			],
			client: ["error: Error: read EINVAL { errno: -22, code: 'EINVAL', syscall: 'read' }"],
		},
	},
	{
		scenario: 'signals/listen: the count after calls that throw',
		reason: 'Node leaves a listener on the signal for each call that throws',
		lanes: {
			main: [
				"listen({ port: -1, signal: [AbortSignal] }) throws RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received type number (-1). { code: 'ERR_SOCKET_BAD_PORT' }",
				'bad port: 0',
				'listen({ signal: [AbortSignal] }) throws TypeError [ERR_INVALID_ARG_VALUE]: The argument \'options\' must have the property "port" or "path". Received { signal: AbortSignal { aborted: false } } { code: \'ERR_INVALID_ARG_VALUE\' }',
				'no port: 0',
			],
		},
	},
	{
		scenario: 'lookup-forms/destroyed in the connectionAttempt listener: no connection',
		reason: 'Node goes on with a handle that is gone, and throws a TypeError',
		lanes: {
			main: [
				"asked: 'example.test', { family: undefined, hints: 32 }",
				"lookup: null, '127.0.0.1', 4, 'example.test'",
				"connectionAttempt: '127.0.0.1', <port>, 4",
				'close: false',
			],
		},
	},
	{
		scenario: 'lookup/a lookup that fails: error, what its listener put off, then close',
		drivers: ['portable'],
		reason: 'public API has nothing that comes after the immediates of a round',
		lanes: { main: ['error: Error: no such name {}', 'close: true', 'immediate'] },
	},
	{
		scenario: 'lookup-forms/all: no address at all',
		reason: 'Node throws a TypeError in the callback of the lookup, and the socket is connecting for ever',
		lanes: {
			main: [
				"asked: 'example.test', { family: undefined, hints: 32, all: true }",
				"error: TypeError [ERR_INVALID_IP_ADDRESS]: Invalid IP address: undefined { code: 'ERR_INVALID_IP_ADDRESS' }",
				'close: true',
				'connecting: false',
			],
		},
	},
	{
		scenario: 'onread/a function that gives no memory',
		reason: 'Node gives the callback the length and `true` in the place of memory; what was received is lost',
		lanes: {
			main: ["error: Error: read ENOBUFS { errno: -105, code: 'ENOBUFS', syscall: 'read' }", 'close: true'],
		},
	},
	{
		scenario: 'reading/a chunk has memory of its own',
		drivers: ['native'],
		reason:
			'small chunks are parts of a pool, as those of Buffer.from(): memory of its own for each costs several times as much',
		lanes: { main: ['own: false'] },
	},
	{
		scenario: 'tls/a handshake and an echo, on a socket that is still connecting',
		reason: "for Node's tls a socket that is not of its own class is a plain stream, which never connects",
		lanes: { main: ['connecting: true, false'] },
	},
	{
		scenario: 'tls/on a socket that is connected',
		reason: "for Node's tls a socket that is not of its own class is a plain stream, which has no address",
		lanes: { main: ["text: 'hello'", 'remote: undefined, undefined'] },
	},
];

function methods(length: number, ...names: string[]): string[] {
	return names.map((name) => `${name}: 'method of ${length}'`);
}

function getters(...names: string[]): string[] {
	return names.map((name) => `${name}: 'get'`);
}

function twice(line: string): string[] {
	return [line, line];
}
