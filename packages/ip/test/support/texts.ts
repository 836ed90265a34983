/** Texts that are addresses, nearly addresses and nothing like one, from a seed. */
import { Random } from '@tooling/test';

const letters = '0123456789abcdefABCDEF::::....%gGzZ /-_x\0\n٠１';

export class Texts extends Random {
	/** A text of four decimals, or of hexadecimal groups with and without `::`, zone and dotted end; then mutated. */
	text(): string {
		const text = this.#plain() + (this.below(5) === 0 ? `%${this.#noise(4)}` : '');
		let mutated = text;
		for (let i = this.below(3); i > 0; i--) {
			const at = this.below(mutated.length + 1);
			const kept = mutated.slice(at + this.below(2));
			mutated = mutated.slice(0, at) + (this.below(2) === 0 ? this.#noise(2) : '') + kept;
		}
		return mutated;
	}

	/** An IPv6 address in words, half of whose groups are zero. */
	words(): Uint32Array {
		const group = (): number => (this.below(2) === 0 ? 0 : this.below(65_536) >> this.below(16));
		const words = Uint32Array.from({ length: 4 }, () => (group() << 16) | group());
		if (this.below(8) === 0) words.set([0, 0, 0xffff]);
		return words;
	}

	#plain(): string {
		switch (this.below(5)) {
			case 0:
				return this.#dotted(260);
			case 1:
				return this.#groups(9);
			case 2:
				return `${this.#groups(7)}:${this.#dotted(256)}`;
			case 3:
				return `${this.#groups(5)}::${this.#groups(5)}`;
			default:
				return this.#noise(20);
		}
	}

	#dotted(limit: number): string {
		return Array.from({ length: 4 }, () => this.below(limit) >> this.below(8)).join('.');
	}

	#groups(limit: number): string {
		return Array.from({ length: this.below(limit) }, () => this.below(65_536).toString(16)).join(':');
	}

	#noise(limit: number): string {
		return Array.from({ length: this.below(limit) }, () => letters[this.below(letters.length)]).join('');
	}
}
