/**
 * The turn: everything that is written between two looks at the kernel leaves together.
 *
 * While a driver delivers a wake-up's completions, the turn lasts until the last one ran; the driver then calls `end`.
 * For what is written elsewhere (a timer, a promise), a `nextTick` ends it. Ending goes in two steps: the driver submits,
 * then completions are delivered.
 */
import { AsyncResource } from 'node:async_hooks';

/** Words of {@link Turn.state}, which the native driver shares. */
export const TURN_PENDING = 0;
export const IN_WAKE_UP = 1;

export class Turn {
	/**
	 * `state[TURN_PENDING]`: the turn has something to do at its end. `state[IN_WAKE_UP]`: a driver delivers a wake-up's
	 * completions and will call `end` itself.
	 */
	readonly state: Int32Array;
	#exiting = false;
	readonly #submit: () => void;
	readonly #deliver: () => void;
	/** The loop's own context: what is completed at a tick does not run in the context of whoever wrote first. */
	readonly #context = new AsyncResource('NETLOOP');
	readonly #onTick = (): void => {
		// A tick that an exception delayed can come inside a wake-up, which will end the turn itself.
		if (this.state[IN_WAKE_UP] === 0) this.#context.runInAsyncScope(this.end, this);
	};

	/**
	 * @param submit - hands the driver's queue to the kernel.
	 * @param deliver - runs the completions that submitting produced; calls `again` if any remain when it throws.
	 */
	constructor(state: Int32Array, submit: () => void, deliver: () => void) {
		this.state = state;
		this.#submit = submit;
		this.#deliver = deliver;
		// What was written before process.exit() leaves as it would have from node:net, which writes at once.
		const onExit = (): void => {
			this.#exiting = true;
			this.#submit();
		};
		process.on('exit', onExit);
		// Programs that take away all listeners mean their own.
		process.on('removeListener', (name, listener) => {
			if (listener === onExit) process.on(name, onExit);
		});
	}

	/** Makes sure that the turn ends: by the wake-up that is being delivered, or by a tick. */
	schedule(): void {
		if (this.#exiting) this.#submit();
		else if (this.state[TURN_PENDING] === 0) {
			this.state[TURN_PENDING] = 1;
			if (this.state[IN_WAKE_UP] === 0) process.nextTick(this.#onTick);
		}
	}

	/**
	 * Ends the turn once more, after an exception in `deliver`. Not in a tick: an exception that is thrown by a tick right
	 * after another one's is not always told.
	 */
	again(): void {
		setImmediate(this.#onTick);
	}

	/** Ends the turn. Called by a driver at the end of a wake-up, and by the tick. */
	end(): void {
		this.state[TURN_PENDING] = 0;
		this.#submit();
		this.#deliver();
	}
}
