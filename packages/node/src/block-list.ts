/** `net.BlockList`: the host's, that also takes this project's socket addresses. */
import net from 'node:net';

import { SocketAddress } from '@net/address';

type Address = string | SocketAddress | net.SocketAddress;
type Family = 'ipv4' | 'ipv6';

/** Node: net.BlockList (v15.0.0). */
export class BlockList extends net.BlockList {
	override addAddress(address: Address, type?: Family): void {
		add(super.addAddress, this, [hostAddress(address), type]);
	}

	override addRange(start: Address, end: Address, type?: Family): void {
		add(super.addRange, this, [hostAddress(start), hostAddress(end), type]);
	}

	override addSubnet(network: Address, prefix: number, type?: Family): void {
		add(super.addSubnet, this, [hostAddress(network), prefix, type]);
	}

	override check(address: Address, type?: Family): boolean {
		return Reflect.apply(super.check, this, type === undefined ? [hostAddress(address)] : [hostAddress(address), type]);
	}
}

/** Without a trailing undefined: the host looks at what it is given, and has defaults of its own. */
function add(method: (...args: never[]) => void, list: BlockList, args: unknown[]): void {
	Reflect.apply(method, list, args.at(-1) === undefined ? args.slice(0, -1) : args);
}

function hostAddress(address: Address): string | net.SocketAddress {
	if (!(address instanceof SocketAddress)) return address;
	const { address: text, family, flowlabel, port } = address;
	return new net.SocketAddress({ address: text, family, flowlabel, port });
}
