// Command gen makes the file of fingerprints that package common embeds.
//
//	go run ./gen -words words.txt -out common.bin DIRECTORY
//
// It reads every list in DIRECTORY, in name order: NAME.freq.tsv.gz with lines
// of count, tab, password, and NAME.rank.txt.gz with one password a line. The
// same lists make the same file, byte for byte. NOTICE.md names the lists that
// the shipped file was made of.
//
// A password of eight code points or more is taken from any list. A shorter
// one cannot be chosen under most policies, and serves only to recognise it
// when decorated ("letmein2026!"): it is taken if at least two lists hold it
// and it has four code points or more.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/tillkey/tillkey/policy/internal/common"
)

func main() {
	words := flag.String("words", "words.txt", "additional words, one a line")
	out := flag.String("out", "common.bin", "file to write")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: gen [-words FILE] [-out FILE] DIRECTORY")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *words, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(directory, words, out string) error {
	var t tally
	if err := t.addDirectory(directory); err != nil {
		return err
	}
	if err := t.addWords(words); err != nil {
		return err
	}
	skeletons := t.skeletons()
	if err := os.WriteFile(out, common.Encode(skeletons), 0o644); err != nil {
		return err
	}
	fmt.Printf("%d passwords of %d code points or more, %d shorter ones and words, %d skeletons\n",
		t.long, enough, len(t.keep)-t.long, len(skeletons))
	return nil
}
