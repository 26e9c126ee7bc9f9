package main

import (
	"bufio"
	"errors"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// The kinds of what a corpus is built of.
const (
	fromText      = "text"
	fromRanges    = "ranges"
	fromPasswords = "passwords"
	fromCorpus    = "corpus"
)

// corpusInputs are what a corpus is built of.
type corpusInputs struct {
	files     []string
	passwords []string // files that are lists of passwords, whatever they look like
	from      string
}

func (in *corpusInputs) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&in.files, "in", nil, "read this `FILE` or folder; may be repeated, and then all are merged")
	c.Flags().StringArrayVar(&in.passwords, "passwords", nil, "read this list of passwords, too, one a line, from `FILE`; may be repeated")
	c.Flags().StringVar(&in.from, "from", "", "`FORMAT` of every --in: text, ranges, passwords or corpus; without it they are looked at")
}

var hashLine = regexp.MustCompile(`^[0-9A-Fa-f]{32}(?:[0-9A-Fa-f]{8})?:[0-9]`)

// formatOf looks at a file or folder. A list of passwords must be named so: any
// text might be one.
func formatOf(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", failed("%s cannot be read: %s", path, cause(err))
	case info.IsDir():
		return fromRanges, nil
	case isCorpus(path):
		return fromCorpus, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", failed("%s cannot be read: %s", path, cause(err))
	}
	defer f.Close()
	begin, err := bufio.NewReader(f).Peek(48)
	if len(begin) == 0 {
		return "", failed("%s is empty or cannot be read: %s", path, cause(err))
	}
	if !hashLine.Match(begin) {
		return "", misused("%s does not begin with HASH:COUNT. If it is a list of passwords, give it with --passwords or say --from passwords.", path)
	}
	return fromText, nil
}

// cause returns the text of an error without the path that it repeats.
func cause(err error) string {
	var e *os.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return err.Error()
}

// source returns what the flags name, and whether all of it has counts.
func (in corpusInputs) source() (corpus.Source, bool, error) {
	counted := true
	var list []corpus.Source
	for _, path := range in.files {
		format := in.from
		if format == "" {
			var err error
			if format, err = formatOf(path); err != nil {
				return nil, false, err
			}
		}
		switch format {
		case fromText:
			list = append(list, corpus.TextFile(path))
		case fromRanges:
			list = append(list, corpus.RangeDir(path))
		case fromPasswords:
			list = append(list, corpus.PasswordFile(path))
		case fromCorpus:
			c, err := corpus.Open(path, corpus.OpenOptions{Access: corpus.Read})
			if err != nil {
				return nil, false, failed("%s", plain(err))
			}
			counted = counted && c.Info().Counts
			c.Close()
			list = append(list, corpus.CorpusFile(path))
		default:
			return nil, false, misused("--from takes text, ranges, passwords or corpus.")
		}
	}
	for _, path := range in.passwords {
		list = append(list, corpus.PasswordFile(path))
	}
	if len(list) == 1 {
		return list[0], counted, nil
	}
	return corpus.Merge(list...), counted, nil
}
