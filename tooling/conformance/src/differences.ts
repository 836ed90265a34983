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

/** Node 20's `node:net` lacks what Node 26's has, and the portable driver has nothing else to stand on. */
const olderHosts = ['20', '22'];

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
		scenario: 'ref/getActiveResourcesInfo names servers and sockets',
		drivers: ['native'],
		reason: "the list is of Node's own handles; a package can add nothing to it",
		lanes: { main: ['listening: []', 'closed: []', 'exit: 0'] },
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
		majors: olderHosts.slice(0, 1),
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
];
