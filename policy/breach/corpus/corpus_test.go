package corpus_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// Every member of a corpus of any size and form is found with its exact count.
func TestEveryMember(t *testing.T) {
	for _, n := range []int{1, 2, 5815, 5817, 15_000} {
		for _, k := range []int{8, 16, 24, 32, 40} {
			if n < 1000 && k%16 == 0 {
				continue
			}
			for _, counts := range []bool{false, true} {
				t.Run(fmt.Sprint(n, " ", k, " ", counts), func(t *testing.T) {
					all := rows(n, uint64(n))
					path, report := build(t, source(text(all, "\r\n")), corpus.Options{RemainderBits: k, Counts: counts, Workers: 2})
					require.EqualValues(t, n, report.Rows)
					for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
						c := open(t, path, access)
						requireMembers(t, c, all)
						require.NoError(t, c.Verify(context.Background()))
					}
				})
			}
		}
	}
}
