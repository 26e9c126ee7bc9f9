package main

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

const (
	maxTop     = 100_000
	defaultTop = 20
)

// topReport is the most frequent entries of a corpus and how frequent the others
// are.
type topReport struct {
	Keys   int64      `json:"keys"`
	Top    []topEntry `json:"top"`
	Shares []topShare `json:"shares"`
}

type topEntry struct {
	Prefix string `json:"prefix"` // of the hash, as far as it is kept
	Count  uint32 `json:"count"`
}

type topShare struct {
	MinCount uint32  `json:"min_count"`
	Keys     int64   `json:"keys"`
	Share    float64 `json:"share"`
}

func (p *program) corpusTopCommand() *cobra.Command {
	var (
		path   string
		n      int
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "top",
		Short: "List what leaked most, and how often the rest did",
		Long: `top lists the entries with the largest counts. A corpus has no passwords: an entry
is shown by the first bits of its hash that are kept, in hexadecimal. Under the list
stands how many passwords leaked at least 2, 3, 5, 10, 100, 1,000 and 10,000 times,
which is what "build --min-count" would keep.

How often the passwords of a list of your own leaked says "corpus check --batch".`,
		Example: "  pwcheck corpus top --corpus leaked.pwb --number 50",
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			if n < 1 || n > maxTop {
				return misused("--number takes 1 to %d.", maxTop)
			}
			c, err := openCorpus(path)
			if err != nil {
				return err
			}
			defer c.Close()
			if !c.Info().Counts {
				return failed("the corpus has no counts: build it with counts to see what leaked most")
			}
			r, err := top(command.Context(), c, n)
			if err != nil {
				return corpusFailure(err)
			}
			output := []byte(r.text())
			if asJSON {
				output = jsonLine(r)
			}
			_, err = p.stdout.Write(output)
			return err
		},
	}
	corpusFlag(c, &path, "look at")
	c.Flags().IntVar(&n, "number", defaultTop, "list `N` entries")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// rarest is entries of which the first is the rarest.
type rarest []corpus.Entry

func (r rarest) Len() int           { return len(r) }
func (r rarest) Less(i, j int) bool { return r[i].Count < r[j].Count }
func (r rarest) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *rarest) Push(x any)        { *r = append(*r, x.(corpus.Entry)) }
func (r *rarest) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}

func top(ctx context.Context, c *corpus.Corpus, n int) (topReport, error) {
	info := c.Info()
	steps := []uint32{2, 3, 5, 10, 100, 1000, 10_000}
	above := make([]int64, len(steps))
	var best rarest
	for e, err := range c.Entries(ctx) {
		if err != nil {
			return topReport{}, err
		}
		for i, step := range steps {
			if e.Count < step {
				break
			}
			above[i]++
		}
		switch {
		case len(best) < n:
			heap.Push(&best, e)
		case best[0].Count < e.Count:
			best[0] = e
			heap.Fix(&best, 0)
		}
	}
	slices.SortFunc(best, func(a, b corpus.Entry) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(string(a.Sum[:]), string(b.Sum[:])))
	})
	digits := (info.BlockBits + 12 + info.RemainderBits) / 4
	r := topReport{Keys: info.Keys, Top: []topEntry{}, Shares: []topShare{}}
	for _, e := range best {
		r.Top = append(r.Top, topEntry{strings.ToUpper(hex.EncodeToString(e.Sum[:]))[:digits], e.Count})
	}
	for i, step := range steps {
		r.Shares = append(r.Shares, topShare{step, above[i], float64(above[i]) / float64(max(info.Keys, 1))})
	}
	return r, nil
}

func (r topReport) text() string {
	var b strings.Builder
	for _, e := range r.Top {
		fmt.Fprintf(&b, "%10d  %s\n", e.Count, e.Prefix)
	}
	b.WriteString("\nleaked at least\n")
	for _, s := range r.Shares {
		fmt.Fprintf(&b, "%6d times: %d passwords, %.4g %%\n", s.MinCount, s.Keys, 100*s.Share)
	}
	return b.String()
}
