/** A list that another thread changes, and this one asks. */
import type { SocketAddress } from '@net/address';
import { askBytes, askText } from './ask.ts';
import type { Family } from './ask.ts';
import type { EpochWatch } from './epoch.ts';
import type { SharedBlockList } from './shared-memory.ts';
import { SharedMemory } from './shared-memory.ts';
import { WideSet } from './wide-set.ts';
import { WordSet } from './word-set.ts';

const MAPPED = 0xffff;

/**
 * What `BlockList.share()` gives, to be asked in any thread. Nothing is copied; changes of the list are seen as they are
 * made, each address being blocked or not, never in between. It has `check`, so sockets and servers take it as a list.
 * There are no rules in it: who wants to know which one matched asks the list itself.
 */
export class BlockListReader {
	readonly #ipv4: WordSet;
	readonly #ipv6: WideSet;
	readonly #watch: EpochWatch;

	/** @throws TypeError for a handle of another version of this package. */
	constructor(shared: SharedBlockList) {
		const memory = new SharedMemory(shared);
		this.#ipv4 = new WordSet(memory.views.ipv4);
		this.#ipv6 = new WideSet(memory.views.ipv6);
		this.#watch = memory.watch();
	}

	/** As `BlockList.check`. */
	check(address: string | SocketAddress, family: Family = 'ipv4'): boolean {
		// Nothing is asked but by the numbers below: what is read without a look at the epoch may be of any time.
		return askText(this, undefined, address, family);
	}

	/** As `BlockList.checkIPv4`. */
	checkIPv4(word: number): boolean {
		for (;;) {
			const answer = this.#ipv4.has(word);
			if (this.#watch.isSame()) return answer;
		}
	}

	/** As `BlockList.checkIPv6`. */
	checkIPv6(words: ArrayLike<number>): boolean {
		const a = (words[0] ?? 0) | 0;
		const b = (words[1] ?? 0) | 0;
		const c = (words[2] ?? 0) | 0;
		const d = (words[3] ?? 0) | 0;
		for (;;) {
			const answer = this.#ipv6.has(a, b, c, d) || (a === 0 && b === 0 && c === MAPPED && this.#ipv4.has(d));
			if (this.#watch.isSame()) return answer;
		}
	}

	/** As `BlockList.checkBytes`. */
	checkBytes(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
		return askBytes(this, bytes, offset, length);
	}
}
