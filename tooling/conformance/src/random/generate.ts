/**
 * From a seed to a sequence. What a program cannot rely on, on node:net either, is not generated:
 *
 * - In a phase one object acts. Two that act at once race: whether a write arrives before the other end's `destroy()`
 *   decides between 'end' and ECONNRESET.
 * - Nothing runs in an immediate: in which round of the loop 'finish' and 'close' come depends on the phase that a call was
 *   made in, and the next barrier waits for all of them.
 * - No socket is reset in the connection listener: whether its client hears of the connection first is the selector's choice.
 * - A socket connects once in a phase, and not while it is ending: node:net runs two attempts, or an attempt and a half-close,
 *   over one handle and mixes up which of them failed. For the same reason only the first look-up of a socket takes long:
 *   node:net takes a late answer for that of the next one.
 * - No exception is thrown in a tick: Node leaves the ticks behind it to whatever comes next, be it a closed handle.
 * - Nobody switches Nagle's algorithm on again, which the barrier needs off: it makes bytes wait for the kernel's time.
 * - Only servers' ends are piped into themselves: two that echo to each other never come to rest.
 * - Servers and clients of a sequence meet only where they are told to: no names of hosts, no fixed ports.
 */
import { connectTargets, listenTargets, serverCalls, serverOptions, socketCalls, socketOptions } from './calls.ts';
import type { Call } from './calls.ts';
import { Random } from './random.ts';
import type { Moment, Phase, Sequence, Step } from './sequence.ts';

type Transport = 'tcp' | 'unix';

interface Choice {
	readonly good: readonly (readonly string[])[];
	readonly bad?: readonly (readonly string[])[];
}

/** How often arguments are wrong. */
const badArguments = 0.12;
const socketEvents = [
	'connect',
	'ready',
	'data',
	'end',
	'finish',
	'drain',
	'error',
	'close',
	'timeout',
	'lookup',
	'prefinish',
];
const serverEvents = ['listening', 'connection', 'close', 'error', 'drop'];

export function generate(seed: number, index: number): Sequence {
	return { name: `${seed}/${index}`, phases: new Generator(new Random(seed, index)).phases() };
}

class Generator {
	readonly #random: Random;
	readonly #transport: Transport;
	#clients = 0;
	#servers = 0;
	/** The servers' ends that may exist. */
	#peers = 0;

	/** Sockets that connect again when they are closed: once, for two attempts at a time are none. */
	readonly #reconnecting = new Set<string>();

	constructor(random: Random) {
		this.#random = random;
		this.#transport = random.chance(0.3) ? 'unix' : 'tcp';
	}

	phases(): Phase[] {
		const random = this.#random;
		const phases: Phase[] = [this.#server(), this.#client()];
		const count = 2 + random.below(5);
		while (phases.length < count) phases.push(this.#phase());
		return phases;
	}

	#phase(): Phase {
		const random = this.#random;
		const roll = random.next();
		if (roll < 0.1 && this.#clients < 2) return this.#client();
		if (roll < 0.13 && this.#servers < 2) return this.#server();
		if (roll < 0.28) return this.#acts(`s${random.below(this.#servers)}`);
		if (roll < 0.32) return this.#idle();
		return this.#acts(this.#socket());
	}

	/** A server that is made and listens, with what is to be done to the sockets that it accepts. */
	#server(): Phase {
		const random = this.#random;
		const target = `s${this.#servers++}`;
		const steps: Step[] = [
			{ moment: 'now', target, method: 'new net.Server', values: this.#values(serverOptions, 0.02) },
		];
		if (random.chance(0.9)) steps.push({ moment: 'now', target, method: 'on', values: ["'error'", 'callback'] });
		const roll = random.next();
		if (roll < 0.85) steps.push({ moment: 'now', target, method: 'listen', values: this.#listen(0) });
		else if (roll < 0.95) steps.push({ moment: 'now', target, method: 'listen', values: this.#listen(0.5) });
		if (random.chance(0.3)) steps.push(...this.#steps(target, 2));
		if (this.#servers > 1) return steps;
		for (const peer of ['p0', 'p1', 'p2']) steps.push(...this.#attach(peer, 'on accepted'));
		return steps;
	}

	/** A client that is made and connects, and acts before it is connected. */
	#client(): Phase {
		const random = this.#random;
		const target = `c${this.#clients++}`;
		this.#peers = Math.min(this.#peers + 1, 3);
		const steps: Step[] = [];
		if (random.chance(0.3)) {
			steps.push({ moment: 'now', target, method: 'new net.connect', values: this.#connect(0.08) });
			steps.push(...this.#attach(target, 'now'));
		} else {
			steps.push({ moment: 'now', target, method: 'new net.Socket', values: this.#values(socketOptions, 0.05) });
			steps.push(...this.#attach(target, 'now'));
			if (random.chance(0.2)) steps.push(...this.#steps(target, 2));
			if (random.chance(0.95)) steps.push({ moment: 'now', target, method: 'connect', values: this.#connect(0.1) });
		}
		if (random.chance(0.4)) steps.push(...this.#steps(target, 3));
		return steps;
	}

	/** Listeners, or none. */
	#attach(target: string, moment: Moment): Step[] {
		const random = this.#random;
		const steps: Step[] = [];
		if (random.chance(0.9)) steps.push({ moment, target, method: 'on', values: ["'error'", 'callback'] });
		const roll = random.next();
		if (roll < 0.5) steps.push({ moment, target, method: 'on', values: ["'data'", 'callback'] });
		else if (roll < 0.7) steps.push({ moment, target, method: 'resume', values: [] });
		else if (roll < 0.75 && target.startsWith('p')) steps.push({ moment, target, method: 'pipe', values: ['self'] });
		if (random.chance(0.25)) {
			const event: Moment = `on ${random.pick(socketEvents)}`;
			steps.push({ moment: event, target, ...this.#call(target) });
		}
		// What is done to a socket in the connection listener.
		if (moment !== 'now' && random.chance(0.15))
			steps.push({ moment, target, ...this.#call(target, ['resetAndDestroy']) });
		return steps;
	}

	#acts(target: string): Phase {
		const random = this.#random;
		if (target.startsWith('s')) return this.#steps(target, 5);
		const steps = this.#steps(target, 5);
		// Once more, on whatever it is by now, or when it is closed.
		const connect: Step = { moment: 'now', target, method: 'connect', values: this.#connectAgain() };
		if (random.chance(0.1)) return [connect, ...steps.slice(0, random.below(3))];
		if (this.#reconnecting.has(target) || !random.chance(0.1)) return steps;
		this.#reconnecting.add(target);
		return [{ ...connect, moment: 'on close' }, ...steps];
	}

	/** The idle timeout: alone in its phase, since whatever happens on the socket starts it anew. */
	#idle(): Phase {
		const target = this.#socket();
		return [{ moment: 'now', target, method: 'setTimeout', values: this.#random.pick([['1'], ['1', 'callback']]) }];
	}

	#steps(target: string, most: number): Step[] {
		const random = this.#random;
		return Array.from({ length: 1 + random.below(most) }, () => {
			const call = this.#call(target);
			const moment = this.#moment(target);
			const isTick = moment === 'now' || moment === 'tick';
			return { moment: call.method === 'throw' && isTick ? 'microtask' : moment, target, ...call };
		});
	}

	#moment(target: string): Moment {
		const random = this.#random;
		const events = target.startsWith('s') ? serverEvents : socketEvents;
		return random.weighted<Moment>([
			['now', 12],
			['tick', 2],
			['microtask', 2],
			[`on ${random.pick(events)}`, 3],
		]);
	}

	/** @param excluded - methods that must not be chosen. */
	#call(target: string, excluded: readonly string[] = []): Pick<Step, 'method' | 'values'> {
		const random = this.#random;
		const calls = (target.startsWith('s') ? serverCalls : socketCalls).filter(
			({ method }) => !excluded.includes(method),
		);
		const call = random.weighted(calls.map((each): [Call, number] => [each, each.weight]));
		// Two ends that echo to each other never come to rest: only the servers' may.
		if (call.method === 'pipe' && !target.startsWith('p')) return { method: 'resume', values: [] };
		if (call.method === 'listen') return { method: 'listen', values: this.#listen(0.2) };
		return { method: call.method, values: this.#values(call, badArguments) };
	}

	#listen(bad: number): readonly string[] {
		return this.#values(listenTargets[this.#transport], bad);
	}

	#connectAgain(): readonly string[] {
		const values = this.#connect(0.2);
		return values.some((text) => text.includes('later')) ? this.#connectAgain() : values;
	}

	#connect(bad: number): readonly string[] {
		return this.#values(connectTargets[this.#transport], bad);
	}

	#values({ good, bad = [] }: Choice, badness: number): readonly string[] {
		const random = this.#random;
		return random.pick(bad.length > 0 && random.chance(badness) ? bad : good);
	}

	#socket(): string {
		const random = this.#random;
		if (this.#peers === 0 || random.chance(0.55)) return `c${random.below(this.#clients)}`;
		return `p${random.below(this.#peers)}`;
	}
}
