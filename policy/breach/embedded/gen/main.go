// Command gen makes the corpus that package embedded holds.
//
//	go run ./gen OUT DIRECTORY
//
// It reads every list in DIRECTORY: NAME.freq.tsv.gz with lines of count, tab,
// password, and NAME.rank.txt.gz with one password a line, which counts as one.
// The bytes of a password are hashed as they are. Its count is the largest of
// those of all lists, as the lists overlap: it leaked at least that often.
//
// Every password is kept but those of fewer than eight code points that were seen
// once, in one list that is no head of a larger one: hardly a policy allows them,
// and hardly anybody has them. The same lists make the same file, byte for byte.
// NOTICE.md names those that the shipped file was made of.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen OUT DIRECTORY")
		os.Exit(2)
	}
	report, err := run(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
	fmt.Printf("%d passwords in %d bytes, %d met another by chance\n", report.Keys, report.Bytes, report.Merged)
}

// newest is when the newest of the lists was published.
func newest() time.Time { return time.Date(2020, time.July, 2, 0, 0, 0, 0, time.UTC) }

func run(out, directory string) (corpus.Report, error) {
	counts, err := readLists(directory)
	if err != nil {
		return corpus.Report{}, err
	}
	text := newText(counts)
	return corpus.Build(context.Background(), out, corpus.TextReader(text, text.Size()), corpus.Options{
		RemainderBits: 24, Counts: true, Stamp: newest(),
	})
}
