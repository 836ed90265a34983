// A table of github.com/gaissmai/bart that answers a line of JSON on stdin by a line of JSON: see contender.mjs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/gaissmai/bart"
)

type command struct {
	Op      string
	Rules   string
	Queries string
	Form    string
	Rounds  int
	Count   int
}

func main() {
	fmt.Println(`{"ready":true}`)
	table := new(bart.Lite)
	var texts []string
	var addresses []netip.Addr
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var c command
		if err := json.Unmarshal(input.Bytes(), &c); err != nil {
			panic(err)
		}
		switch c.Op {
		case "load":
			table = new(bart.Lite)
			rules := lines(c.Rules)
			start := time.Now()
			for _, rule := range rules {
				if prefix, err := netip.ParsePrefix(rule); err == nil {
					table.Insert(prefix.Masked())
				} else {
					address := netip.MustParseAddr(rule)
					table.Insert(netip.PrefixFrom(address, address.BitLen()))
				}
			}
			built := time.Since(start)
			texts = lines(c.Queries)
			addresses = addresses[:0]
			for _, text := range texts {
				addresses = append(addresses, netip.MustParseAddr(text))
			}
			fmt.Printf("{\"buildMs\":%f}\n", float64(built.Microseconds())/1000)
		case "measure":
			hits := 0
			start := time.Now()
			for round := 0; round < c.Rounds; round++ {
				if c.Form == "string" {
					for _, text := range texts[:c.Count] {
						if address, err := netip.ParseAddr(text); err == nil && table.Contains(address) {
							hits++
						}
					}
				} else {
					for _, address := range addresses[:c.Count] {
						if table.Contains(address) {
							hits++
						}
					}
				}
			}
			ns := float64(time.Since(start).Nanoseconds()) / float64(c.Rounds*c.Count)
			fmt.Printf("{\"ns\":%f,\"hits\":%d}\n", ns, hits/c.Rounds)
		}
	}
}

func lines(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return strings.Fields(string(data))
}
