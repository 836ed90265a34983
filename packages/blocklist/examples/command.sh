printf '192.0.2.0/25 ; SBL1\n192.0.2.128/25 ; SBL2\n' > drop.txt
printf '192.0.2.7\n' > office.txt

net-blocklist check 192.0.2.7 192.0.2.8 198.51.100.1 --list drop.txt --allow office.txt
net-blocklist aggregate drop.txt
gzip -c drop.txt | net-blocklist export --format json - --allow office.txt
net-blocklist diff drop.txt office.txt
