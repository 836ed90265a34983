import { containsIPv4, formatIPv4, isIP, lastIPv4, parseIPv4, parsePrefix } from '@net/ip';

console.log(isIP('fe80::1%eth0'));
const prefix = parsePrefix('10.0.0.0/8');
if (prefix?.family === 4) {
	console.log(formatIPv4(lastIPv4(prefix.address, prefix.length)));
	console.log(containsIPv4(prefix.address, prefix.length, parseIPv4('10.1.2.3')));
}
