// Package train makes the tables of package tables from lists of passwords and
// words, and measures how well they order passwords that they were not made
// from.
package train

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Row is a password of a leak: how often it is used there, and how strong it
// is said to be, larger is stronger.
type Row struct {
	Password string
	Count    float64
	Strength float64
}

// Leak is one file of passwords, the most frequent first.
type Leak struct {
	Name string
	Rows []Row
}

// readLeak reads NAME.freq.tsv.gz (count, password), NAME.rank.txt.gz (one
// password a line) or NAME.ref.tsv.gz (strength, count, password). A file of
// ranks has no counts.
func readLeak(file string) (Leak, error) {
	f, err := os.Open(file)
	if err != nil {
		return Leak{}, err
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return Leak{}, fmt.Errorf("%s: %w", file, err)
	}
	name, kind, _ := strings.Cut(filepath.Base(file), ".")
	leak := Leak{Name: name}
	lines := bufio.NewScanner(plain)
	for lines.Scan() {
		row, err := readRow(lines.Text(), kind)
		if err != nil {
			return Leak{}, fmt.Errorf("%s: line %d: %w", file, len(leak.Rows)+1, err)
		}
		leak.Rows = append(leak.Rows, row)
	}
	return leak, lines.Err()
}

func readRow(line, kind string) (Row, error) {
	number := func() (float64, error) {
		text, rest, _ := strings.Cut(line, "\t")
		line = rest
		return strconv.ParseFloat(text, 64)
	}
	var row Row
	var err error
	switch kind {
	case "freq.tsv.gz":
		row.Count, err = number()
		row.Strength = -row.Count
	case "ref.tsv.gz":
		if row.Strength, err = number(); err == nil {
			row.Count, err = number()
		}
	}
	row.Password = line
	return row, err
}

// Data is all that training reads.
type Data struct {
	Leaks map[string]Leak
	Words []Words
}

// Read reads a directory of leaks and one of words.
func Read(leaks, words string) (Data, error) {
	d := Data{Leaks: map[string]Leak{}}
	files, err := filepath.Glob(filepath.Join(leaks, "*.gz"))
	if err != nil {
		return d, err
	}
	for _, file := range files {
		leak, err := readLeak(file)
		if err != nil {
			return d, err
		}
		d.Leaks[leak.Name] = leak
	}
	for _, name := range []string{"phpbb", "myspace", "singles", "faithwriters", "hak5", "rockyou75", "rockyou-offline", "rockyou-online", "pwdb100k", "xato100k"} {
		if len(d.Leaks[name].Rows) == 0 {
			return d, fmt.Errorf("train: no list %s in %s", name, leaks)
		}
	}
	d.Words, err = readWords(words)
	return d, err
}
