import { BlockList } from '@net/blocklist';

const list = new BlockList();
list.addAddress('192.0.2.7');
list.addRange('198.51.100.10', '198.51.100.20');
list.addCIDRs(['203.0.113.0/24', '2001:db8::/32']);

console.log(list.check('198.51.100.15'));
console.log(list.check('::ffff:203.0.113.9', 'ipv6'));
console.log(list.check('192.0.2.8'));
console.log(list.rules);
