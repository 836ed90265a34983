/** BlockList: addresses, ranges and subnets, and whether an address is among them. */
import type { SocketAddress } from '@net/address';
import { ERR_INVALID_ARG_TYPE, validateBoolean, validateFunction, validateInteger, validateString } from '@net/errors';
import { putAddress, putCIDR, putRange, putSubnet } from './arguments.ts';
import { askBytes, askText } from './ask.ts';
import type { Family } from './ask.ts';
import { RuleBatch } from './batch.ts';
import { inspectList } from './inspect.ts';
import type { Match } from './match.ts';
import { readMatches } from './match.ts';
import { PRIVATE_RANGES } from './private-ranges.ts';
import type { BlockListOptions, RuleOptions } from './rule-options.ts';
import { batchOf } from './rule-options.ts';
import { parseRules, ruleTexts } from './rule-text.ts';
import { Rulebook } from './rulebook.ts';
import { aggregateLists, subtractLists } from './sets.ts';
import type { SharedBlockList } from './shared-memory.ts';
import { SharedMemory } from './shared-memory.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import type { WideSet } from './wide-set.ts';
import type { WordSet } from './word-set.ts';

const MAPPED = 0xffff;
const DEFAULT_CAPACITY = 1_000_000;
const MOST_CAPACITY = 2 ** 24;

/**
 * A list of addresses to refuse. Node: net.BlockList (v15.0.0), with what Node 26 has of it.
 *
 * An IPv4 rule also matches `::ffff:a.b.c.d`, and a rule about such mapped addresses also matches IPv4; other addresses
 * that hold an IPv4 one (`::1.2.3.4`, `64:ff9b::…`) are not looked into. Zone ids, ports and flow labels are ignored.
 *
 * All `add…` and `remove…` take an address as a text or as a SocketAddress, whose own family then counts. They throw
 * ERR_INVALID_ADDRESS for a text that is no address of the family, ERR_INVALID_ARG_VALUE for an unknown family,
 * ERR_INVALID_ARG_TYPE for what is neither, and have then changed nothing.
 *
 * A structured clone of it is empty: send what `share()` gives to another thread, or `toJSON()`.
 */
export class BlockList {
	/** Prefixes that are private, loopback or link-local, for `addCIDRs`. Frozen. */
	static PRIVATE_RANGES: readonly string[] = PRIVATE_RANGES;

	readonly #book: Rulebook;
	/** What is asked in a check, and whether something is to be done before. */
	#ipv4: WordSet;
	#ipv6: WideSet;
	#isPlain = true;
	#shared: SharedBlockList | undefined;

	constructor(options: BlockListOptions = {}) {
		// Node's takes none, and looks at nothing that is given.
		const { now = Date.now, countHits = false } = options ?? {};
		validateFunction(now, 'options.now');
		validateBoolean(countHits, 'options.countHits');
		this.#book = new Rulebook(now, countHits);
		this.#ipv4 = this.#book.coverage.ipv4;
		this.#ipv6 = this.#book.coverage.ipv6;
		this.#isPlain = !this.#book.countsHits;
	}

	/** Whether this was made by the class above. */
	static isBlockList(value: unknown): value is BlockList {
		return typeof value === 'object' && value !== null && #book in value;
	}

	/** Adds one address; the same address twice is one rule. */
	addAddress(address: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#add(single((batch) => putAddress(batch, address, 'address', family)));
	}

	/** Adds all of them, or none if one is bad. */
	addAddresses(addresses: readonly (string | SocketAddress)[], family: Family = 'ipv4'): void {
		if (!Array.isArray(addresses)) throw new ERR_INVALID_ARG_TYPE('addresses', 'Array', addresses);
		validateString(family, 'family');
		const batch = new RuleBatch(addresses.length);
		for (let i = 0; i < addresses.length; i++) putAddress(batch, addresses[i], `addresses[${i}]`, family);
		this.addBatch(batch);
	}

	/**
	 * Adds all addresses from `start` to `end`, both included.
	 * @throws ERR_INVALID_ARG_VALUE if `start` is above `end`.
	 */
	addRange(start: string | SocketAddress, end: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#add(single((batch) => putRange(batch, start, end, family, true)));
	}

	/**
	 * Adds all addresses that begin with the first `prefix` bits of `network`.
	 * @param prefix - 0–32 or 0–128.
	 * @throws ERR_OUT_OF_RANGE
	 */
	addSubnet(network: string | SocketAddress, prefix: number, family: Family = 'ipv4'): void {
		this.#add(single((batch) => putSubnet(batch, network, prefix, family)));
	}

	/**
	 * Adds a subnet, given as `10.0.0.0/8`.
	 * @throws ERR_INVALID_ARG_VALUE without a prefix or with an odd one (`/08`).
	 */
	addCIDR(cidr: string): void {
		this.#add(single((batch) => putCIDR(batch, cidr, 'cidr')));
	}

	/** Adds all of them, or none if one is bad. */
	addCIDRs(cidrs: readonly string[]): void {
		if (!Array.isArray(cidrs)) throw new ERR_INVALID_ARG_TYPE('cidrs', 'Array', cidrs);
		const batch = new RuleBatch(cidrs.length);
		for (let i = 0; i < cidrs.length; i++) putCIDR(batch, cidrs[i], `cidrs[${i}]`);
		this.addBatch(batch);
	}

	/** Removes the rule about this one address. Ranges and subnets that hold it stay. */
	removeAddress(address: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#remove(single((batch) => putAddress(batch, address, 'address', family)));
	}

	/** Removes the newest range of exactly these ends. */
	removeRange(start: string | SocketAddress, end: string | SocketAddress, family: Family = 'ipv4'): void {
		this.#remove(single((batch) => putRange(batch, start, end, family, false)));
	}

	/** Removes the newest subnet of exactly this network, host bits included, and prefix. */
	removeSubnet(network: string | SocketAddress, prefix: number, family: Family = 'ipv4'): void {
		this.#remove(single((batch) => putSubnet(batch, network, prefix, family)));
	}

	/** As `removeSubnet`, given as `10.0.0.0/8`. */
	removeCIDR(cidr: string): void {
		this.#remove(single((batch) => putCIDR(batch, cidr, 'cidr')));
	}

	/** Removes all rules and exceptions. */
	clear(): void {
		this.#book.clear();
	}

	/**
	 * Whether a rule matches. What is no address of the family is matched by none.
	 * @throws ERR_INVALID_ARG_TYPE for an address that is neither text nor SocketAddress, or a family that is no text.
	 */
	check(address: string | SocketAddress, family: Family = 'ipv4'): boolean {
		return askText(this, this.#isPlain ? this.#book.coverage : undefined, address, family);
	}

	/** As `check`, of an IPv4 address as a number (1.2.3.4 is 0x01020304). */
	checkIPv4(word: number): boolean {
		// Compared: what is only tested is looked at for all that counts as false.
		if (this.#isPlain !== true) this.#prepare(Uint32Array.of(0, 0, MAPPED, word), true);
		return this.#ipv4.has(word);
	}

	/** As `check`, of an IPv6 address as four numbers, the first being the front of the text. */
	checkIPv6(words: ArrayLike<number>): boolean {
		if (this.#isPlain !== true) this.#prepare(Uint32Array.from(words), false);
		const a = (words[0] ?? 0) | 0;
		const b = (words[1] ?? 0) | 0;
		const c = (words[2] ?? 0) | 0;
		const d = (words[3] ?? 0) | 0;
		return this.#ipv6.has(a, b, c, d) || (a === 0 && b === 0 && c === MAPPED && this.#ipv4.has(d));
	}

	/**
	 * As `check`, of 4 or 16 bytes in network order.
	 * @throws ERR_OUT_OF_RANGE for another length, or where there are fewer bytes.
	 */
	checkBytes(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
		return askBytes(this, bytes, offset, length);
	}

	/** One text a rule: addresses, subnets, ranges, each newest first, no exceptions. A new array each time. */
	get rules(): string[] {
		this.#expire();
		return ruleTexts(this.#book.log.batch);
	}

	/** How many rules there are; exceptions are not counted. */
	get size(): number {
		this.#expire();
		return this.#book.log.size;
	}

	/** The rules, for `JSON.stringify` and `fromJSON`. */
	toJSON(): string[] {
		return this.rules;
	}

	/**
	 * Adds the rules of `toJSON`, or of a text that JSON made of them, to those that are there. Texts that are no rules
	 * are passed over.
	 * @throws ERR_INVALID_ARG_TYPE for what is not an array of texts; SyntaxError for a text that is not JSON; as `add…`
	 *   for a rule with a bad address or prefix, the rules before it being added.
	 */
	fromJSON(data: string | readonly string[]): void {
		for (const rule of parseRules(data)) {
			if (rule.kind === 'address') this.addAddress(rule.address, rule.family);
			if (rule.kind === 'range') this.addRange(rule.start, rule.end, rule.family);
			if (rule.kind === 'subnet') this.addSubnet(rule.network, rule.prefix, rule.family);
		}
	}

	/**
	 * Adds a rule or an exception: an address, a prefix, or a range `a-b`, of either family.
	 * @throws as `addAddress`, `addCIDR` and `addRange`.
	 */
	add(rule: string, options: RuleOptions = {}): void {
		this.#add(batchOf(rule, options));
	}

	/** Removes the newest rule, or exception, that was given this way. */
	remove(rule: string, options: Pick<RuleOptions, 'exception'> = {}): void {
		this.#remove(batchOf(rule, { exception: options.exception ?? false }));
	}

	/** Adds all rows; a large batch in one go. */
	addBatch(batch: RuleBatch): void {
		if (!(batch instanceof RuleBatch)) throw new ERR_INVALID_ARG_TYPE('batch', 'RuleBatch', batch);
		this.#book.addAll(batch);
		this.#changed();
	}

	/** A copy of all rules and exceptions, oldest first. */
	toBatch(): RuleBatch {
		this.#expire();
		return this.#book.log.copy();
	}

	/** All rules and exceptions that apply to an address, the one that decides first; of equals the newest first. */
	match(address: string | SocketAddress, family: Family = 'ipv4'): Match[] {
		this.#expire();
		return readMatches(this.#book, address, family);
	}

	/** Removes rules that have ended. A check does so too, but not one in another thread. @returns how many. */
	expire(now: number = this.#book.now()): number {
		const count = this.#book.expire(now);
		this.#changed();
		return count;
	}

	/**
	 * What is blocked, as ranges: ascending, apart from each other, IPv4 first. An IPv6 range that is about the mapped
	 * addresses too is about no IPv4, as with `addRange`.
	 */
	aggregate(): RuleBatch {
		this.#expire();
		return aggregateLists([{ ipv4: this.#ipv4.ranges(), ipv6: this.#ipv6.ranges() }]);
	}

	/** A new list of what this one or another one blocks. */
	union(other: BlockList): BlockList {
		if (!BlockList.isBlockList(other)) throw new ERR_INVALID_ARG_TYPE('other', 'BlockList', other);
		return listOf(aggregateLists([this.#ranges(), other.#ranges()]));
	}

	/** A new list of what this one blocks and another one does not. */
	subtract(other: BlockList): BlockList {
		if (!BlockList.isBlockList(other)) throw new ERR_INVALID_ARG_TYPE('other', 'BlockList', other);
		return listOf(subtractLists(this.#ranges(), other.#ranges()));
	}

	/**
	 * Lets other threads ask this list: send them what it returns, for `new BlockListReader(shared)`. Only this thread
	 * changes the list; what it changes is seen by all.
	 * @param capacity - for how many rules and exceptions there is to be room, 1 to 16,777,216; default 1,000,000, or twice
	 *   what is there. It reserves addresses, of which only what is used takes memory. Once more than that are to be there,
	 *   a RangeError is thrown, and the list stays as it is. A list that is shared has the capacity that it has.
	 * @throws ERR_OUT_OF_RANGE; RangeError where more is there, or where so much memory is not to be had.
	 */
	share(capacity: number = Math.max(DEFAULT_CAPACITY, 2 * this.#book.count)): SharedBlockList {
		validateInteger(capacity, 'capacity', 1, MOST_CAPACITY);
		if (this.#shared === undefined) {
			const memory = new SharedMemory(capacity);
			this.#book.share(memory);
			this.#ipv4 = this.#book.coverage.ipv4;
			this.#ipv6 = this.#book.coverage.ipv6;
			this.#shared = memory.handle;
		}
		return this.#shared;
	}

	/** All rules and exceptions, with all that goes with them, to be kept in a file. */
	toSnapshot(): Uint8Array {
		return writeSnapshot(this.toBatch());
	}

	/**
	 * A list of the rules that `toSnapshot` has written.
	 * @throws ERR_INVALID_ARG_VALUE for bytes that are cut, changed, or of another version.
	 */
	static fromSnapshot(bytes: Uint8Array, options?: BlockListOptions): BlockList {
		return listOf(readSnapshot(bytes), options);
	}

	/** Bytes of what a check asks (`index`) and of the rules (`rules`). */
	get memoryUsage(): { index: number; rules: number } {
		return { index: this.#book.coverage.byteLength, rules: this.#book.log.byteLength };
	}

	#ranges(): { ipv4: Uint32Array; ipv6: Uint32Array } {
		this.#expire();
		return { ipv4: this.#ipv4.ranges(), ipv6: this.#ipv6.ranges() };
	}

	#add(batch: RuleBatch): void {
		this.#book.add(batch, 0);
		this.#changed();
	}

	#remove(batch: RuleBatch): void {
		this.#book.remove(batch, 0);
		this.#changed();
	}

	#changed(): void {
		this.#isPlain = !this.#book.countsHits && this.#book.nextExpiry === Infinity;
	}

	#expire(): void {
		if (!this.#isPlain && this.#book.nextExpiry <= this.#book.now()) this.expire();
	}

	#prepare(words: Uint32Array, isIPv4: boolean): void {
		this.#expire();
		if (this.#book.countsHits) this.#book.countHit(words, isIPv4);
	}

	static {
		const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');
		Object.defineProperty(this.prototype, inspectSymbol, { value: inspectList, configurable: true, writable: true });
	}
}

/** A batch of one rule. */
function single(put: (batch: RuleBatch) => void): RuleBatch {
	const batch = new RuleBatch(1);
	put(batch);
	return batch;
}

function listOf(batch: RuleBatch, options?: BlockListOptions): BlockList {
	const list = new BlockList(options);
	list.addBatch(batch);
	return list;
}
