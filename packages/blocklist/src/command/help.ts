/** The texts of `--help`. */

const reading = `
How lists are read
  Each line is an address, a CIDR or a range. Comments (# and ;), DROP, hosts, p2p, CSV, TSV and JSON lists are told
  by themselves, and so is gzip. A line that is not understood is told on stderr and gives no rule.
  --read FORMAT     p2p: all lines are name:start-end; json; lines: anything but JSON (default: auto)
  --threshold N     only entries whose score, the number behind them, is N or more
  --strict          a line that is not understood is an error
  --quiet           does not tell such lines
`;

export const help = `net-blocklist: lists of addresses to refuse

  net-blocklist check IP... --list FILE...       whether addresses are in the lists
  net-blocklist aggregate FILE...                all lists as the fewest CIDRs
  net-blocklist export --format FORMAT FILE...   for nft, ipset, iptables, or as cidr, range, json
  net-blocklist diff OLD NEW                     what came and what went
  net-blocklist info FILE...                     what is in lists
  net-blocklist snapshot FILE... --output FILE   a file that loads without parsing

FILE may be - for stdin, and compressed by gzip. net-blocklist COMMAND --help tells more.
net-blocklist --version tells which one this is.
`;

export const helps: Readonly<Record<string, string>> = {
	check: `net-blocklist check IP... --list FILE... [--allow FILE...]

Tells for each address whether the lists block it, and by which rule: file, line and label.
Ends with 0 if all are allowed, 1 if one is blocked, 2 for an error.

  --list FILE...    lists of what to block; snapshots too
  --allow FILE...   lists of exceptions; of rules that apply, the narrowest decides
  --silent          prints nothing, only ends with the code
  IP                may be -, then addresses are read from stdin, one a line
${reading}
Example
  net-blocklist check 198.51.100.7 --list drop.txt tor.txt.gz --allow office.txt
`,
	aggregate: `net-blocklist aggregate FILE... [--allow FILE...]

Prints all addresses of the lists as the fewest CIDRs, ascending, IPv4 first. One address has no /32 or /128.

  --allow FILE...   lists of exceptions, which are taken out
  --family 4|6      only this one
${reading}
Example
  curl -s https://example.org/list.txt.gz | net-blocklist aggregate - mine.txt > all.txt
`,
	export: `net-blocklist export --format FORMAT FILE... [--allow FILE...]

Prints what the lists block, merged, in the format of another program. Loading it again replaces what it was.

  --format FORMAT   cidr       a CIDR a line
                    range      first-last a line
                    json       an array of CIDRs
                    nft        for nft -f: table inet NAME with the sets ipv4 and ipv6
                    ipset      for ipset restore: the sets NAME4 and NAME6
                    iptables   for iptables-restore --noflush: a chain NAME; of IPv6 for ip6tables-restore
  --allow FILE...   lists of exceptions, which are taken out
  --family 4|6      only this one; iptables wants one where lists have both
  --name NAME       default: blocklist
  --timeout N       entries end after so many seconds (nft, ipset)
  --timeouts        makes sets for entries that end, though now there are none; those of rules that end do so anyway
  --max-elements N  room of an ipset; default: the entries, rounded up to a power of two, at least 1048576
  --target TARGET   what iptables does with packets; default: DROP
${reading}
Examples
  net-blocklist export --format nft drop.txt | nft -f -
  nft add chain inet blocklist input '{ type filter hook input priority -10; }'
  nft add rule inet blocklist input ip saddr @ipv4 drop
  net-blocklist export --format ipset drop.txt | ipset restore
  iptables -I INPUT -m set --match-set blocklist4 src -j DROP
  net-blocklist export --format iptables --family 4 drop.txt | iptables-restore --noflush
`,
	diff: `net-blocklist diff OLD NEW

Prints the addresses that only the old list blocks, as CIDRs behind -, and those that only the new one blocks, behind +.
How the lists are written makes no difference. Ends with 0 if there is none, 1 if there is one, 2 for an error.

  --family 4|6      only this one
${reading}
Example
  net-blocklist diff yesterday.txt.gz today.txt.gz | grep -c '^+'
`,
	info: `net-blocklist info FILE...

Counts lines, rules by kind and family, the addresses covered, and those that are listed more than once, for each list
and for all together.
${reading}
Example
  net-blocklist info *.txt
`,
	snapshot: `net-blocklist snapshot FILE... --output FILE [--allow FILE...]

Writes the lists as one file that loads without parsing: in the command wherever a list is named, in a program by
BlockList.fromSnapshot. It has a checksum; labels, files and lines are kept.

  --output FILE     where to write; - is stdout
  --allow FILE...   lists of exceptions
${reading}
Example
  net-blocklist snapshot drop.txt tor.txt --output all.snapshot
`,
};
