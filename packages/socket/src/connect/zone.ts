/** Link-local IPv6 addresses, which mean something only together with an interface (RFC 4007). */
import { networkInterfaces } from 'node:os';

/**
 * The address with the zone that Node 26 takes where there is none, or one that is no interface: that of the first
 * link-local address of this machine. Any other address, and where there is no such interface, as it came.
 */
export function withZone(address: string): string {
	if (!LINK_LOCAL.test(address) || process.platform === 'win32') return address;
	const interfaces = networkInterfaces();
	const [numbers = address, zone] = address.split('%');
	if (zone !== undefined && interfaces[zone] !== undefined) return address;
	for (const [name, addresses] of Object.entries(interfaces)) {
		if (addresses?.some((each) => LINK_LOCAL.test(each.address)) === true) return `${numbers}%${name}`;
	}
	return address;
}

/** fe80::/10. */
const LINK_LOCAL = /^fe[89ab][\da-f]:/i;
