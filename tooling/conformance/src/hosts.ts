/**
 * Bun and Deno, where the portable driver runs over their own `node:net`: why ours does not do there what `node:net` of
 * Node 26 does. What it does instead is recorded line by line in `hosts/<host>.json`, and nothing else is accepted; a row or a
 * record that is not needed any more fails. `--record` writes the records anew.
 */
import type { Scenario } from './scenario.ts';

export interface HostDifference {
	readonly hosts: readonly string[];
	readonly reason: string;
	readonly scenarios: readonly string[];
	/** Scenarios that differ in some runs, or in more than one way: nothing is recorded of them. */
	readonly sometimes?: readonly string[];
	/** Subjects whose scenarios differ for this reason, if they do. */
	readonly subjects?: readonly string[];
}

const bun = ['bun'];
const deno = ['deno'];
const both = ['bun', 'deno'];

export const hostDifferences: readonly HostDifference[] = [
	{
		hosts: both,
		reason: "the host's AbortError, and the reason that a signal has by default, are worded and made otherwise",
		scenarios: [
			'abort/connect: a signal that is aborted already',
			'abort/connect: abort destroys with AbortError',
			'abort/connect: abort while connecting',
			'abort/new Socket with a signal',
			'abort/two sockets on one signal',
			'attempts/aborted while nobody answers',
		],
		subjects: ['signals'],
	},
	{
		hosts: bun,
		reason: "errors of the host's streams, names and language have other texts",
		scenarios: [
			'abort/connect: the reason is the cause',
			'abort/signals of wrong types throw',
			'block-list/toJSON, fromJSON and isBlockList',
			'connect-errors/options of wrong types throw',
			'destroy/Symbol.asyncDispose destroys',
			'isip/isIP takes anything and answers 0 for what is no string',
			'listen-errors/a host that does not exist',
			'socket-address/without new it throws',
		],
		subjects: ['misuse', 'misuse-options'],
	},
	{
		hosts: both,
		reason: 'an uncaught exception is printed in the words of the host, in Deno without an exit event',
		scenarios: [
			'exception/a refused connection without listener ends the process with 1',
			'exception/a server error without listener ends the process with 1',
			'exception/an error event without listener ends the process with 1',
		],
	},
	{
		hosts: deno,
		reason: 'an uncaught exception ends the process without an exit event',
		scenarios: ['exception/uncaught in a data listener ends the process with 1'],
	},
	{
		hosts: bun,
		reason: 'promise jobs run where the host puts them among ticks',
		scenarios: ['order/data, end, close of a peer, with their ticks'],
	},
	{
		hosts: deno,
		reason: 'promise jobs run where the host puts them among ticks',
		scenarios: [
			'connect/the order: lookup, connect, ready, and ticks between',
			'order/connect listeners, their ticks, then ready',
			'order/data, end, close of a peer, with their ticks',
			'order/in the data listener: ticks first, then promise jobs',
			'order/the connection listener: ticks and promise jobs before data',
			"order/ticks and promise jobs of one socket's data run before the other socket's data",
			'order/two listeners of one data event run together, then the ticks',
		],
	},
	{
		hosts: bun,
		reason: 'the host closes after immediates that were set before',
		scenarios: [
			'order/close of a destroyed socket comes after the ticks and promise jobs',
			'order/error and close of a destroyed socket',
		],
	},
	{
		hosts: both,
		reason: 'the host follows asynchronous contexts in part',
		scenarios: [],
		subjects: ['context', 'stores'],
	},
	{
		hosts: deno,
		reason: 'the host has no performance entries of connections',
		scenarios: ['diagnostics/perf_hooks: an entry of type net for a connection over TCP'],
	},
	{
		hosts: both,
		reason: 'the host lists no active resources, or others',
		scenarios: ['ref/getActiveResourcesInfo names servers and sockets'],
	},
	{
		hosts: both,
		reason: "the host's net.Socket takes no descriptor of a pipe or FIFO, or ends what it takes",
		scenarios: [
			'descriptor/a FIFO is read as a socket',
			'descriptor/a child adopts a connected socket by its descriptor',
		],
	},
	{
		hosts: bun,
		reason: 'the host takes a pipe between processes for one that has ended',
		scenarios: ['descriptor/a pipe as a readable and as a writable socket'],
	},
	{
		hosts: both,
		reason: 'a folder that does not exist is ENOENT as the kernel says it, not EACCES as libuv does',
		scenarios: ['unix/a path in a folder that does not exist'],
	},
	{
		hosts: both,
		reason: '108 bytes are too long for the host: for a path in Deno, for an abstract name in Bun',
		scenarios: ['unix/a path and an abstract name of 108 bytes, the longest that there are'],
	},
	{
		hosts: bun,
		reason: 'the host adds to the mode that the umask left',
		scenarios: ['unix/modes: default, readableAll, writableAll'],
	},
	{
		hosts: bun,
		reason: 'the host binds when it connects: which of both failed cannot be told',
		scenarios: ['connect-errors/a local address that this machine does not have'],
	},
	{
		hosts: deno,
		reason: 'the host says EINVAL where the kernel says EADDRNOTAVAIL',
		scenarios: [
			'connect-errors/a local address that this machine does not have',
			'listen-errors/an address that this machine does not have',
		],
	},
	{
		hosts: bun,
		reason: 'the host says ECONNREFUSED where the kernel says ENETUNREACH',
		scenarios: ['connect-errors/an address that no TCP connection goes to fails at once'],
	},
	{
		hosts: both,
		reason: 'the host looks up addresses with a zone, or gives link-local ones none',
		scenarios: [],
		subjects: ['zones'],
	},
	{
		hosts: bun,
		reason: 'the host takes no notice of backlog, by which the scenarios have somebody who does not answer',
		scenarios: ['kernel/backlog: 511, or what was asked for'],
		subjects: ['attempts'],
	},
	{
		hosts: deno,
		reason: 'what comes in this turn of the loop on Node comes in another one there',
		scenarios: [],
		subjects: ['every-state', 'server-states'],
	},
	{
		hosts: deno,
		reason: 'the host takes no notice of ipv6Only',
		scenarios: ['listen/ipv6Only keeps IPv4 out, dual stack lets it in'],
	},
	{
		hosts: deno,
		reason: 'the host reads nothing while paused, and nothing before it is asked to',
		scenarios: ['reading/pause before the connection'],
	},
	{
		hosts: deno,
		reason: 'the host fails the reading before the writes',
		scenarios: ['reset/a reset fails the writes that wait'],
	},
	{
		hosts: deno,
		reason: 'the host tells a reset where Node had read the end before it',
		scenarios: ['reset/unread data at close makes a reset'],
	},
	{
		hosts: deno,
		reason: "the host's http client keeps no connection alive for an agent",
		scenarios: ['http/keep-alive: three requests over one connection'],
	},
	{
		hosts: deno,
		reason: "the host's dns has another constant",
		scenarios: ['lookup/it is called with the name and the options'],
		subjects: ['lookup-forms'],
	},
	{
		hosts: both,
		reason: "the host's handles, or descriptors that are none of a connection, go from its net to ours in part",
		scenarios: [],
		subjects: ['descriptor-kinds', 'descriptor-process', 'handles', 'listen-forms', 'processes'],
	},
	{
		hosts: deno,
		reason:
			'the host connects and closes in other turns of the loop, and the scenario waits for one socket after the other',
		scenarios: [],
		sometimes: ['attempts/an attempt that times out: the next one connects'],
	},
	{
		hosts: both,
		reason: 'an error of a worker comes without an own name',
		scenarios: ['worker/an uncaught exception in a worker ends that worker only'],
	},
	{
		hosts: deno,
		reason: 'the host frees the port of a worker that was terminated a little later',
		scenarios: [],
		sometimes: ['worker/terminate with a listening server frees its port'],
	},
	{
		hosts: both,
		reason:
			"the host's TLS is not OpenSSL and knows no pre-shared keys, by which the scenarios do without certificates",
		scenarios: [],
		subjects: ['tls'],
	},
	{
		hosts: both,
		reason: 'the host binds only to connect or to listen: a BoundSocket throws ENOSYS',
		scenarios: [],
		subjects: ['bound-client', 'bound-path', 'bound-socket'],
	},
	{
		hosts: deno,
		reason: 'the host listens on no descriptor',
		scenarios: ['descriptor/a child listens on a descriptor that it was given'],
	},
	{
		hosts: both,
		reason: 'the host tells that there is no such path in another phase of the loop',
		scenarios: [
			'connect-errors/a path that does not exist, asked for by an event of the poll phase: immediates come first',
		],
	},
	{
		hosts: both,
		reason: 'where descriptors run out the host says ECONNREFUSED or EPIPE, or goes on when there are some again',
		scenarios: [],
		subjects: ['exhaustion'],
	},
	{
		hosts: both,
		reason: "the host's cluster shares no server with a module that is not its own net",
		scenarios: [],
		subjects: ['cluster', 'cluster-events', 'cluster-policies'],
	},
	{
		hosts: bun,
		reason: "which of two workers is first to fail at what the host's cluster does not share is chance",
		scenarios: [],
		sometimes: [
			'cluster/two workers listen on one port that both were told',
			'cluster-policies/round robin: paused connections, half-open ones, and what the server counts',
			'cluster-events/disconnect closes the servers and waits for their connections',
		],
	},
	{
		hosts: deno,
		reason: 'how a connection fails that nobody can take is chance there',
		scenarios: [],
		sometimes: [
			'cluster-events/async context and diagnostics of a server that listens through the primary',
			'exhaustion/thirty connections at once, with descriptors for ten: all others are closed',
		],
	},
	{
		hosts: both,
		reason: 'the host forgets its own end with the descriptor, or closes it sooner',
		scenarios: ['state/both ends are over, and what came is not read: its own address is known'],
	},
];

/** Why a scenario differs on a host, if it does. */
export function hostReason(scenario: Pick<Scenario, 'name' | 'subject'>, host: string): string | undefined {
	const here = hostDifferences.filter(({ hosts }) => hosts.includes(host));
	const named = here.find(({ scenarios, sometimes = [] }) => [...scenarios, ...sometimes].includes(scenario.name));
	return (named ?? here.find(({ subjects = [] }) => subjects.includes(scenario.subject)))?.reason;
}

/** Whether a scenario is one that differs in some runs only. */
export function isUnsteady({ name }: Pick<Scenario, 'name'>, host: string): boolean {
	return hostDifferences.some(({ hosts, sometimes = [] }) => hosts.includes(host) && sometimes.includes(name));
}
