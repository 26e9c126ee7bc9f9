// Command gen makes the file that package tables embeds, and measures what the
// method is worth.
//
//	gen build LEAKS WORDS FILE   makes the file
//	gen eval LEAKS WORDS         trains without one leak after the other, and
//	                             measures how well that leak is put in order
//
// LEAKS holds the lists of passwords that tables/NOTICE.md names, WORDS what
// train/words/export.mjs writes. The same lists make the same file.
package main

import (
	"fmt"
	"os"

	"github.com/tillkey/tillkey/policy/strength/internal/train"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	build := len(args) == 4 && args[0] == "build"
	if !build && (len(args) != 3 || args[0] != "eval") {
		return fmt.Errorf("usage: gen build LEAKS WORDS FILE, or gen eval LEAKS WORDS")
	}
	data, err := train.Read(args[1], args[2])
	if err != nil {
		return err
	}
	if !build {
		return train.Evaluate(os.Stdout, data, train.Defaults())
	}
	m, err := train.Build(data, train.Defaults())
	if err != nil {
		return err
	}
	file := m.Encode()
	fmt.Printf("%d texts, %d n-grams and contexts, %d bytes\n", m.Listed, m.Grams, len(file))
	return os.WriteFile(args[3], file, 0o644)
}
