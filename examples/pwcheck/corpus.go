package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

func (p *program) corpusCommand() *cobra.Command {
	return group("corpus", "Build, update and ask files of leaked passwords",
		`corpus keeps all passwords of Pwned Passwords, or of lists of your own, in one
small file with exact counts, which shops and "check --corpus" ask without a
network. build makes it of what you have, update downloads it and keeps it new.

Progress is shown on standard error if that is a terminal, or with --progress.
A file appears whole or not at all: after an error or Ctrl-C the old one is as it
was.`,
		`  pwcheck corpus update --corpus leaked.pwb --user-agent "shop.example (it@shop.example)"
  pwcheck corpus build --in pwned.txt --out leaked.pwb
  pwcheck corpus check --corpus leaked.pwb`,
		p.corpusBuildCommand(), p.corpusUpdateCommand(), p.corpusInfoCommand(), p.corpusVerifyCommand(), p.corpusCheckCommand(),
		p.corpusMergeCommand(), p.corpusTopCommand(), p.corpusSampleCommand(), p.corpusServeCommand())
}

// corpusFlag adds the flag that names a corpus file.
func corpusFlag(c *cobra.Command, path *string, does string) {
	c.Flags().StringVar(path, "corpus", "", does+" this corpus `FILE`")
}

// openCorpus opens a corpus file that a flag names.
func openCorpus(path string) (*corpus.Corpus, error) {
	if path == "" {
		return nil, misused("--corpus needs a file.")
	}
	c, err := corpus.Open(path, corpus.OpenOptions{})
	if err != nil {
		return nil, failed("%s", plain(err))
	}
	return c, nil
}

// isCorpus tells whether a file begins as a corpus file does.
func isCorpus(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	magic := make([]byte, 4)
	_, err = f.Read(magic)
	return err == nil && bytes.Equal(magic, []byte("PWB1"))
}

// corpusReport is what a corpus holds and, after a build, what was read.
type corpusReport struct {
	File           string  `json:"file"`
	Hash           string  `json:"hash"`
	Keys           int64   `json:"keys"`
	Bytes          int64   `json:"bytes"`
	BitsPerKey     float64 `json:"bits_per_key"`
	Counts         bool    `json:"counts"`
	MinCount       uint32  `json:"min_count"`
	Full           bool    `json:"full"`
	Stamp          string  `json:"stamp,omitempty"`
	BlockBits      int     `json:"block_bits"`
	RemainderBits  int     `json:"remainder_bits"`
	FalsePositives float64 `json:"false_positives"`
	Rows           *int64  `json:"rows,omitempty"`
	Dropped        *int64  `json:"dropped,omitempty"`
	Merged         *int64  `json:"merged,omitempty"`
	Ranges         *int    `json:"ranges,omitempty"`
	Changed        *int    `json:"changed,omitempty"`
	Resumed        *int    `json:"resumed,omitempty"`
	Received       *int64  `json:"received,omitempty"`
}

func newCorpusReport(path string, info corpus.Info) corpusReport {
	r := corpusReport{
		File: path, Hash: info.Kind.String(), Keys: info.Keys, Bytes: info.Bytes, Counts: info.Counts, MinCount: info.MinCount,
		Full: info.Full, BlockBits: info.BlockBits, RemainderBits: info.RemainderBits, FalsePositives: info.FalsePositives,
	}
	if info.Keys > 0 {
		r.BitsPerKey = float64(int64(float64(info.Bytes)*800/float64(info.Keys))) / 100
	}
	if !info.Stamp.IsZero() {
		r.Stamp = info.Stamp.Format(time.RFC3339)
	}
	return r
}

// built adds what a build read.
func (r corpusReport) built(b corpus.Report) corpusReport {
	r.Rows, r.Dropped, r.Merged = &b.Rows, &b.Dropped, &b.Merged
	return r
}

func (r corpusReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.File)
	fmt.Fprintf(&b, "%d %s hashes in %s, %.2f bits each\n", r.Keys, r.Hash, size(r.Bytes), r.BitsPerKey)
	switch {
	case r.Counts && r.MinCount > 1:
		fmt.Fprintf(&b, "with counts, of %d and more\n", r.MinCount)
	case r.Counts:
		b.WriteString("with counts\n")
	case r.MinCount > 1:
		fmt.Fprintf(&b, "without counts; leaked %d times and more\n", r.MinCount)
	default:
		b.WriteString("without counts\n")
	}
	fmt.Fprintf(&b, "%d remainder bits: one other password in some %s is found by chance\n", r.RemainderBits, about(1/r.FalsePositives))
	if r.Full {
		b.WriteString("the whole of Pwned Passwords\n")
	}
	if r.Stamp != "" {
		b.WriteString("current on " + r.Stamp + "\n")
	}
	if r.Rows != nil {
		fmt.Fprintf(&b, "%d rows read, %d of them too rare, %d not told apart\n", *r.Rows, *r.Dropped, *r.Merged)
	}
	if r.Ranges != nil {
		fmt.Fprintf(&b, "%d ranges, %d of them downloaded, %d before this run\n", *r.Ranges, *r.Changed, *r.Resumed)
	}
	return b.String()
}

// writeCorpus writes a report.
func (p *program) writeCorpus(r corpusReport, asJSON bool) error {
	output := []byte(r.text())
	if asJSON {
		output = jsonLine(r)
	}
	_, err := p.stdout.Write(output)
	return err
}

// corpusFailure returns the outcome of an error of package corpus.
func corpusFailure(err error) error {
	var file *corpus.FileError
	var page *corpus.RangeError
	if errors.As(err, &file) || errors.As(err, &page) {
		return failed("%s", plain(err))
	}
	return err
}

// about returns a number for a person, with two figures that count.
func about(n float64) string {
	switch {
	case n >= 1e7:
		return about(n/1e6) + " million"
	case n < 10:
		return fmt.Sprintf("%.1f", n)
	}
	step := math.Pow(10, math.Floor(math.Log10(n))-1)
	return strconv.FormatFloat(math.Round(n/step)*step, 'f', 0, 64)
}

// size returns a number of bytes for a person.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}
