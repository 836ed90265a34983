/** An IP address with a port, as a value. */
import {
	ERR_INVALID_ADDRESS,
	ERR_INVALID_ARG_VALUE,
	ERR_OUT_OF_RANGE,
	validateObject,
	validatePort,
	validateString,
	validateUint32,
} from '@net/errors';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '@net/ip';

/** Options of `new SocketAddress()`. */
export interface SocketAddressOptions {
	/** Default: `127.0.0.1` if the family is `ipv4`, `::` if it is `ipv6`. A zone id is accepted and dropped. */
	address?: string | undefined;
	/** In any case of letters. Default: `ipv4`. */
	family?: 'ipv4' | 'ipv6' | undefined;
	/** Only used with `ipv6`. Default: 0. */
	flowlabel?: number | undefined;
	/** Default: 0. */
	port?: number | string | undefined;
}

/** The data of a SocketAddress, as `toJSON` and a structured clone have it. */
export interface SocketAddressData {
	/** In numbers, IPv6 as RFC 5952 has it, without a zone id. */
	address: string;
	/** 0–65535; 0 where none was given. */
	port: number;
	/** In small letters, however it was given. */
	family: 'ipv4' | 'ipv6';
	/** 20 bits (RFC 6437); 0 with `ipv4`. */
	flowlabel: number;
}

/** RFC 6437: a flow label has 20 bits. */
const FLOW_LABEL_MAX = 0xfffff;

const words = new Uint32Array(4);

/**
 * An IP address, a port, and what belongs to them; never changes. Node: net.SocketAddress (v15.14.0).
 *
 * A structured clone (`structuredClone`, `postMessage`) is a plain object of the same four properties: the language
 * gives classes no say in it. `new SocketAddress(clone)` makes it one again. For the clone's sake the properties are the
 * object's own, while those of Node are getters of the prototype.
 */
export class SocketAddress {
	/** The canonical form, without a zone id. */
	declare readonly address: string;
	/** 0–65535; 0 where none was given. */
	declare readonly port: number;
	/** In small letters, however it was given. */
	declare readonly family: 'ipv4' | 'ipv6';
	/** 0 unless the family is `ipv6`. */
	declare readonly flowlabel: number;
	readonly #made = true;

	/**
	 * @throws ERR_INVALID_ADDRESS if the address is none of the family; ERR_INVALID_ARG_VALUE for an unknown family;
	 *   ERR_SOCKET_BAD_PORT; ERR_OUT_OF_RANGE for a flow label of more than 20 bits (32 bits with `ipv4`, which does not
	 *   use it); ERR_INVALID_ARG_TYPE.
	 */
	constructor(options: SocketAddressOptions = {}) {
		validateObject(options, 'options');
		const { port = 0, flowlabel = 0 } = options;
		const family = familyOf(options.family);
		// Node compares before it lowers the case, so `IPv4` needs an address.
		const { address = (options.family ?? 'ipv4') === 'ipv4' ? '127.0.0.1' : '::' } = options;
		validateString(address, 'options.address');
		const data: SocketAddressData = {
			address: '',
			port: validatePort(port, 'options.port'),
			family,
			flowlabel: 0,
		};
		validateUint32(flowlabel, 'options.flowlabel');
		if (family === 'ipv6') {
			if (flowlabel > FLOW_LABEL_MAX) {
				throw new ERR_OUT_OF_RANGE('options.flowlabel', `>= 0 && <= ${FLOW_LABEL_MAX}`, flowlabel);
			}
			data.flowlabel = flowlabel + 0;
		}
		data.address = canonical(address, family);
		define(this, data);
	}

	/** Whether this was made by the class above. */
	static isSocketAddress(value: unknown): value is SocketAddress {
		return typeof value === 'object' && value !== null && #made in value;
	}

	/**
	 * Reads what could stand in a URL as host and port: `127.0.0.1:80`, `[::1]:80`, also `127.1` and `0x7f.1`.
	 * Does not look up names.
	 * @returns undefined if it is no address; the port is 0 where there is none.
	 * @throws ERR_INVALID_ARG_TYPE. Node: SocketAddress.parse, which turns port 80 into 0.
	 */
	static parse(input: string): SocketAddress | undefined {
		validateString(input, 'input');
		// A URL hides its scheme's own port. Of these two schemes at least one shows it.
		const url = parseUrl(`http://${input}`);
		const port = url?.port || parseUrl(`https://${input}`)?.port || 0;
		const host = url?.hostname ?? '';
		try {
			return host.startsWith('[')
				? new SocketAddress({ address: host.slice(1, -1), port, family: 'ipv6' })
				: new SocketAddress({ address: host, port, family: 'ipv4' });
		} catch {
			return undefined;
		}
	}

	/** A plain object, which `new SocketAddress()` takes. */
	toJSON(): SocketAddressData {
		return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
	}

	static {
		const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');
		Object.defineProperty(this.prototype, inspectSymbol, { value: inspectAddress, configurable: true, writable: true });
	}
}

/** How `util.inspect` and `console.log` write a SocketAddress. */
function inspectAddress(
	this: SocketAddress,
	depth: number,
	options: { depth?: number | null; stylize: (text: string, style: string) => string },
	inspect: (value: unknown, options: object) => string,
): string {
	if (depth < 0) return options.stylize('[SocketAddress]', 'special');
	const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
	return `SocketAddress ${inspect(this.toJSON(), inner)}`;
}

function familyOf(family: unknown = 'ipv4'): 'ipv4' | 'ipv6' {
	const lower = typeof family === 'string' ? family.toLowerCase() : family;
	if (lower === 'ipv4' || lower === 'ipv6') return lower;
	throw new ERR_INVALID_ARG_VALUE('options.family', family);
}

function canonical(address: string, family: 'ipv4' | 'ipv6'): string {
	if (family === 'ipv4') {
		const parsed = parseIPv4(address);
		if (parsed >= 0) return formatIPv4(parsed);
	} else {
		// Any zone will do, even one that `isIP` would not let pass.
		const percent = address.indexOf('%');
		if (parseIPv6(address, words, 0, percent < 0 ? address.length : percent)) return formatIPv6(words);
	}
	throw new ERR_INVALID_ADDRESS();
}

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/** Own, visible and read-only. */
function define(target: object, data: SocketAddressData): void {
	for (const [name, value] of Object.entries(data)) {
		Object.defineProperty(target, name, { value, enumerable: true });
	}
}
