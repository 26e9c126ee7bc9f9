package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

const (
	enough   = 8 // code points from which a password is taken from any list
	shortest = 4 // shorter ones are never taken
	agree    = 2 // lists that must hold a password shorter than enough
)

// tally counts in how many lists each password is, and keeps those that
// qualify.
type tally struct {
	lists map[string]int // password -> number of lists
	keep  map[string]bool
	long  int
}

func (t *tally) addDirectory(directory string) error {
	t.lists, t.keep = map[string]int{}, map[string]bool{}
	var files []string
	for _, pattern := range []string{"*.freq.tsv.gz", "*.rank.txt.gz"} {
		found, err := filepath.Glob(filepath.Join(directory, pattern))
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return fmt.Errorf("no *.freq.tsv.gz or *.rank.txt.gz in %s", directory)
	}
	for _, name := range files {
		if err := t.addFile(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for password, lists := range t.lists {
		switch n := utf8.RuneCountInString(password); {
		case n >= enough:
			t.keep[password] = true
			t.long++
		case n >= shortest && lists >= agree:
			t.keep[password] = true
		}
	}
	return nil
}

func (t *tally) addFile(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	counted := strings.HasSuffix(name, ".freq.tsv.gz")
	seen := map[string]bool{}
	if err := eachLine(plain, func(line string) {
		if counted {
			_, line, _ = strings.Cut(line, "\t")
		}
		if utf8.ValidString(line) {
			seen[line] = true
		}
	}); err != nil {
		return err
	}
	for password := range seen {
		t.lists[password]++
	}
	return plain.Close()
}

func (t *tally) addWords(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return eachLine(file, func(line string) {
		if line != "" && !strings.HasPrefix(line, "#") {
			t.keep[line] = true
		}
	})
}

// skeletons returns what the file holds, sorted.
func (t *tally) skeletons() []string {
	set := map[string]bool{}
	for password := range t.keep {
		if lower := fold.Lower(password); len(lower) >= fold.MinCore {
			set[fold.Skeleton(lower)] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func eachLine(r io.Reader, do func(string)) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		do(lines.Text())
	}
	return lines.Err()
}
