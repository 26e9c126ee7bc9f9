package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// enough is how many code points a password must have that was seen once.
const enough = 8

// entry is what the lists say of a password.
type entry struct {
	count uint32 // the largest of all lists
	lists int    // how many hold it
	head  bool   // one of them is the head of a larger one, most frequent first
}

// kept tells whether a password goes into the file.
func (e entry) kept(password string) bool {
	return e.head || e.count > 1 || e.lists > 1 || utf8.RuneCountInString(password) >= enough
}

// readLists returns the passwords of all lists of a directory that are kept, with
// their counts.
func readLists(directory string) (map[string]uint32, error) {
	entries := make(map[string]entry)
	for _, pattern := range []string{"*.freq.tsv.gz", "*.rank.txt.gz"} {
		names, err := filepath.Glob(filepath.Join(directory, pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := readList(entries, name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	counts := make(map[string]uint32)
	for password, e := range entries {
		if e.kept(password) {
			counts[password] = e.count
		}
	}
	if len(counts) == 0 {
		return nil, fmt.Errorf("no passwords in *.freq.tsv.gz and *.rank.txt.gz of %s", directory)
	}
	return counts, nil
}

func readList(entries map[string]entry, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	return addLines(entries, plain, strings.HasSuffix(name, ".freq.tsv.gz"))
}

func addLines(entries map[string]entry, r io.Reader, counted bool) error {
	lines, seen := bufio.NewScanner(r), map[string]bool{}
	for n := 1; lines.Scan(); n++ {
		password, count := lines.Text(), uint64(1)
		if counted {
			number, rest, _ := strings.Cut(password, "\t")
			var err error
			if count, err = strconv.ParseUint(number, 10, 32); err != nil || count == 0 {
				return fmt.Errorf("line %d has no count", n)
			}
			password = rest
		}
		if password == "" || seen[password] {
			continue
		}
		seen[password] = true
		e := entries[password]
		entries[password] = entry{count: max(e.count, uint32(count)), lists: e.lists + 1, head: e.head || !counted}
	}
	return lines.Err()
}

// newText returns the sorted HASH:COUNT text of passwords.
func newText(counts map[string]uint32) *bytes.Reader {
	lines := make([]string, 0, len(counts))
	for password, count := range counts {
		sum := sha1.Sum([]byte(password))
		lines = append(lines, fmt.Sprintf("%s:%d\n", hex.EncodeToString(sum[:]), count))
	}
	slices.Sort(lines)
	return bytes.NewReader([]byte(strings.Join(lines, "")))
}
