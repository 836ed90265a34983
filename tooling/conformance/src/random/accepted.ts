/**
 * What is not compared, with the reason: what node:net itself does wrong, and differences of ours that are accepted. What a
 * program could not rely on in any net is not generated in the first place, see `generate.ts`.
 */
import type { Driver } from '../target.ts';

export interface Row {
	/** What is not compared, in words. */
	readonly what: string;
	readonly reason: string;
	/** Of which driver of ours; default: both. */
	readonly drivers?: readonly Driver[];
}

/** Lines that are compared as what they are, but not where they stand; or, with `otherwise`, not as what they are either. */
export interface LineRow extends Row {
	readonly line: RegExp;
	readonly otherwise?: true;
}

/** A lane in which something may be otherwise: how much of it says one of `only` and `from`. */
export interface LaneRow extends Row {
	/** What node:net has in that lane. */
	readonly lane: RegExp;
	/** What ours has to have there. */
	readonly ours?: RegExp;
	/** Nothing but these lines may differ, in this lane or, as an exception that nobody catches, in that of the process. */
	readonly only?: RegExp;
	/** The lane may differ from such a line on to its end, and begins to in the same phase; before it nothing does. */
	readonly from?: RegExp;
	/** With `from`: the lines of other lanes that differ in consequence. */
	readonly elsewhere?: RegExp;
}

/** Defects of node:net by lines that show them: a sequence that has one is not compared. */
export const defects: readonly (Row & { readonly line: RegExp })[] = [
	{
		what: 'a reset while the half-close is under way',
		line: /reset EINVAL/,
		reason: 'a reset while the half-close is under way is refused by libuv; the socket is never closed then, and leaks',
	},
	{
		what: 'a reset before the connection to a path',
		line: /_handle\.\w+ is not a function/,
		reason:
			'a socket that was to be reset once it connects, and then connects to a path, calls what a pipe does not have',
	},
	{
		what: 'a connected Unix socket that connects to a port',
		line: /connect ENOENT [\d.:]+[ <]/,
		reason: 'a connected Unix socket that is told to connect to a port takes the address for a path',
	},
	{
		what: 'a socket with pending writes that is destroyed and connects again',
		line: /ERR_MULTIPLE_CALLBACK/,
		reason:
			'what waits for a connection is sent on the next one, too, where the socket is destroyed and connects again, and is answered twice',
	},
];

export const lines: readonly LineRow[] = [
	{
		what: 'when callbacks of `write()` and `end()` come',
		line: /^ {2}callback of .*\.(write|end)\(/,
		drivers: ['portable'],
		reason: "the host's write answers in a tick of its own",
	},
	{
		what: "when `'listening'` and the callbacks of `listen()` and `getConnections()` come",
		line: /^'listening'|callback of .*\.(listen|getConnections)\(/,
		drivers: ['portable'],
		reason: 'the host tells in the next round of the loop that it listens',
	},
	{
		what: 'what `address()` returns',
		line: /^\w\d\.address\(\) -> /,
		otherwise: true,
		drivers: ['portable'],
		reason: 'the host has an address when it tells that it listens or is connected, and no sooner',
	},
	{
		what: 'what `getTypeOfService()` and `setTypeOfService()` return and throw',
		line: /^[cp]\d\.[gs]etTypeOfService\(/,
		otherwise: true,
		drivers: ['portable'],
		reason: 'while the host connects, and when its peer has closed, it has no descriptor to ask',
	},
	{
		what: '`localAddress`, `localFamily` and `localPort`',
		line: /^ {2}local(Address|Family|Port)/,
		otherwise: true,
		drivers: ['portable'],
		reason: 'the host forgets its own end of a connection with the descriptor',
	},
];

export const lanes: readonly LaneRow[] = [
	{
		what: "from `read ECONNRESET`: ours tells `'end'`, and a `write()` fails later; what a listener of `'close'` then does",
		lane: /Error: read ECONNRESET/,
		ours: /^'end'[^]*Error: write EPIPE/m,
		drivers: ['portable'],
		from: /Error: read ECONNRESET/,
		elsewhere: /^/,
		reason: 'the host reads ahead what nobody asked for, and so sends no RST when it closes',
	},
	{
		what: 'from a `write()` to a peer that is gone: its error, where ours tells none',
		lane: /Error: write (EPIPE|ECONNRESET)/,
		ours: /^(?![^]*Error: write (EPIPE|ECONNRESET))/,
		from: /\.(write|end|uncork)\(/,
		elsewhere: /^/,
		reason:
			'what is written in a turn leaves in one call: what node:net fails to write goes with what the kernel takes',
	},
	{
		what: 'from a `write()` to a peer that is gone: what it returns, when its error comes, `bytesWritten`, `writableEnded`',
		lane: /Error: write (EPIPE|ECONNRESET)|\.write\(.*\) -> false\n.*\.(destroy|destroySoon|resetAndDestroy)\(/,
		from: /\.(write|end|uncork|pipe|destroySoon)\(|^'end'/,
		elsewhere: /^settled$|^ {2}_connections: |^uncaught Error: write (EPIPE|ECONNRESET)/,
		reason:
			'what is written leaves at the end of the turn, in one call: that the peer is gone is not known when write() or ' +
			'end() returns, and what was written together fares alike',
	},
	{
		what: 'the same of a `pipe()`',
		lane: /\.pipe\(self\)[^]*Error: write (EPIPE|ECONNRESET)/,
		from: /^received /,
		reason: 'the same, where what is written is what came in',
	},
	{
		what: "from an `'error'` for which nobody listens: whether ticks that were put off run before `'close'` or after it",
		lane: /ERR_STREAM_WRITE_AFTER_END[^]*'close' true/,
		drivers: ['native'],
		from: /^'error' .*ERR_STREAM_WRITE_AFTER_END/,
		reason:
			'an uncaught exception leaves the remaining ticks to the next round of immediates, before or after the closing phase',
	},
	{
		what: 'a connected Unix socket that connects again: which error',
		lane: /Error: connect (ENOENT|ECONNREFUSED)/,
		ours: /Error: connect EISCONN/,
		only: /Error: connect (ENOENT|ECONNREFUSED|EISCONN)/,
		reason:
			'a connected Unix socket that is told to connect is refused for that, whatever is wrong with the path as well',
	},
	{
		what: 'an error of `listen()` on a path, where `close()` or an abort follows at once',
		lane: /\.listen\([^]*\.(close|abort|asyncDispose)\([^]*Error: listen E/,
		drivers: ['portable'],
		from: /\.listen\(/,
		elsewhere: /^uncaught Error: listen E/,
		reason:
			'the host tells in the next round of the loop that it cannot listen: ' +
			'a server that is closed before hears nothing of it',
	},
	{
		what: 'an error of `listen()` on a path, where another `listen()` follows at once',
		lane: /Error: listen E/,
		ours: /\.listen\(.* throws .*ERR_SERVER_ALREADY_LISTEN/,
		drivers: ['portable'],
		from: /\.listen\(/,
		elsewhere: /^/,
		reason: 'the same: until it is told the server counts as listening, and cannot be told to listen elsewhere',
	},
	{
		what: "from `read ECONNRESET`: ours tells `'end'`",
		lane: /Error: read ECONNRESET/,
		ours: /^'end'/m,
		from: /Error: read ECONNRESET/,
		elsewhere: /^settled$|^ {2}_connections: |^uncaught Error: read ECONNRESET/,
		reason:
			'with bytes that nobody asked for: a half-close that left before destroy() arrives before the RST; and the ' +
			'host of the portable driver reads ahead, and sends none',
	},
	{
		what: "from `'finish'`: ours tells `read ECONNRESET`",
		lane: /^'finish'/m,
		ours: /Error: read ECONNRESET/,
		drivers: ['portable'],
		from: /^'finish'/,
		reason: 'the host reads the RST of a peer before its half-close is answered',
	},
	{
		what: 'a connected socket that was reset connects again: which error',
		lane: /Error: connect (EPIPE|ECONNRESET)/,
		only: /Error: connect (EPIPE|ECONNRESET|EISCONN)/,
		reason: 'of a connected socket that was reset the kernel first tells the error that it still has',
	},
	{
		what: 'a connected socket that was reset connects again: whether it is refused',
		lane: /Error: connect (EPIPE|ECONNRESET)/,
		ours: /'connect'[^]*'connect'/,
		drivers: ['portable'],
		from: /Error: connect (EPIPE|ECONNRESET)/,
		reason: 'the host has read the error that the kernel else would tell, and connects',
	},
	{
		what: 'a connected socket that was reset connects again with `localAddress`: which error',
		lane: /Error: connect EISCONN .* - Local/,
		ours: /Error: bind EINVAL/,
		only: /^'connectionAttempt' |Error: connect EISCONN|Error: bind EINVAL/,
		reason: 'a connected socket that was reset has lost its local end: the kernel binds it once more',
	},
];

/** The lines of a sequence in which nobody catches an exception are compared in any order. */
export const uncaught: Row = {
	what: 'the order of lines, where nobody catches an exception',
	reason:
		'an exception that nobody catches in a tick leaves the ticks behind it, and what they tell, to whatever Node calls next: ' +
		'a closed handle, a readable one',
};
