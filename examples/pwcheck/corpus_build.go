package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// corpusOptions are the flags that say what a corpus shall hold.
type corpusOptions struct {
	bits     int
	counts   bool
	noCounts bool
	minCount uint32
	ntlm     bool
	full     bool
	workers  int
	stamp    string
	progress bool
	json     bool
}

func (o *corpusOptions) flags(c *cobra.Command) {
	c.Flags().IntVar(&o.bits, "bits", 0, "keep `K` last bits of each hash: 8, 16, 24, 32 or 40 (default 16)")
	c.Flags().BoolVar(&o.counts, "counts", false, "keep counts, and fail if there are none; without it they are kept if there are")
	c.Flags().BoolVar(&o.noCounts, "no-counts", false, "leave the counts out, which saves 3 bits a password")
	c.Flags().Uint32Var(&o.minCount, "min-count", 0, "leave out what leaked less than `N` times")
	c.Flags().BoolVar(&o.ntlm, "ntlm", false, "the hashes are NTLM, not SHA-1")
	c.Flags().BoolVar(&o.full, "full", false, "this is the whole of Pwned Passwords: refuse it if not")
	c.Flags().IntVar(&o.workers, "workers", 0, "work with `N` threads, 1 to 64 (default one per processor)")
	c.Flags().StringVar(&o.stamp, "stamp", "", "note this `DATE` as that of the data, such as 2026-08-01")
	c.Flags().BoolVar(&o.progress, "progress", false, "show progress also where no terminal is")
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
}

// options returns the options for a source that has counts or not.
func (o corpusOptions) options(counted bool) (corpus.Options, error) {
	result := corpus.Options{
		RemainderBits: o.bits, Counts: (counted || o.counts) && !o.noCounts, MinCount: o.minCount, Full: o.full, Workers: o.workers,
	}
	if o.ntlm {
		result.Kind = corpus.NTLM
	}
	switch {
	case o.counts && o.noCounts:
		return result, misused("--counts and --no-counts exclude each other.")
	case o.bits != 0 && (o.bits < 8 || o.bits > 40 || o.bits%8 != 0):
		return result, misused("--bits takes 8, 16, 24, 32 or 40.")
	case o.workers < 0 || o.workers > 64:
		return result, misused("--workers takes 1 to 64.")
	}
	if o.stamp != "" {
		stamp, err := time.Parse(time.DateOnly, o.stamp)
		if err != nil {
			return result, misused("--stamp takes a date such as 2026-08-01.")
		}
		result.Stamp = stamp
	}
	return result, nil
}

func (p *program) corpusBuildCommand() *cobra.Command {
	var (
		in  corpusInputs
		out string
		o   corpusOptions
	)
	c := &cobra.Command{
		Use:   "build",
		Short: "Make a corpus file of texts, ranges, passwords or other corpora",
		Long: `build makes a corpus file. It reads

  text       a sorted file of lines HASH:COUNT, as downloaders of Pwned Passwords write
  ranges     a folder of the 1,048,576 range files of Pwned Passwords
  passwords  a list of passwords, one a line, in any order: --passwords FILE
  corpus     another corpus file

and of several all that is in any, each with its largest count. What is
not sorted, cut or otherwise wrong is named with its line. The same input gives the
same bytes. Memory does not grow with the input.

With --bits 16 one in some 65,000 passwords that never leaked is taken for one that
did, with 32 one in some 4,000 million; a password takes about 19 and 35 bits, and 3
more with its count.`,
		Example: `  pwcheck corpus build --in pwned.txt --out leaked.pwb --full
  pwcheck corpus build --in ranges/ --out leaked.pwb --bits 32 --progress
  pwcheck corpus build --passwords own.txt --out own.pwb
  pwcheck corpus build --in leaked.pwb --out often.pwb --min-count 100`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return p.corpusBuild(c, in, out, o, 1) },
	}
	in.flags(c)
	c.Flags().StringVarP(&out, "out", "o", "", "write this `FILE`, or replace it")
	o.flags(c)
	return c
}

func (p *program) corpusMergeCommand() *cobra.Command {
	var (
		in  corpusInputs
		out string
		o   corpusOptions
	)
	c := &cobra.Command{
		Use:   "merge",
		Short: "Make one corpus file of several",
		Long: `merge makes a corpus file that holds what any of two or more holds, each password
with the largest of its counts. They may be corpus files, texts and the others that
build reads. A small corpus file keeps fewer bits of a hash than a large one needs:
give the list or text that it is of instead, or build it with --bits 40.`,
		Example: `  pwcheck corpus merge --in leaked.pwb --passwords own.txt --out both.pwb
  pwcheck corpus merge --in old.pwb --in new.txt --out all.pwb --min-count 5`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return p.corpusBuild(c, in, out, o, 2) },
	}
	in.flags(c)
	c.Flags().StringVarP(&out, "out", "o", "", "write this `FILE`, or replace it")
	o.flags(c)
	return c
}

func (p *program) corpusBuild(c *cobra.Command, in corpusInputs, out string, o corpusOptions, least int) error {
	switch {
	case len(in.files)+len(in.passwords) < least && least == 1:
		return misused("--in needs a file or folder.")
	case len(in.files)+len(in.passwords) < least:
		return misused("merge needs --in or --passwords twice or more.")
	case out == "":
		return misused("--out needs a file.")
	}
	options, err := o.options(true)
	if err != nil {
		return err
	}
	source, counted, err := in.source()
	if err != nil {
		return err
	}
	if options, err = o.options(counted); err != nil {
		return err
	}
	shown := p.progress(o.progress)
	options.Progress = shown.callback()
	report, err := corpus.Build(c.Context(), out, source, options)
	shown.end()
	if err != nil {
		return corpusFailure(err)
	}
	return p.writeCorpus(newCorpusReport(out, report.Info).built(report), o.json)
}
