package policy_test

import (
	"context"
	_ "embed"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

//go:embed testdata/words.txt
var wordFile string

// words returns the list that passphrases are made of.
func words(t testing.TB) []string {
	t.Helper()
	_, list, ok := strings.Cut(wordFile, "\n")
	require.True(t, ok)
	return strings.Fields(list)
}

// answer is a list that says the same of every password.
type answer struct {
	count int
	err   error
}

func (a answer) Seen(context.Context, string) (int, error) { return a.count, a.err }

// exact is a list that compares exactly, as a breach source does.
type exact map[string]int

func (e exact) Seen(_ context.Context, password string) (int, error) { return e[password], nil }

// answerFunc is a list that nobody can compare.
type answerFunc func(password string) int

func (f answerFunc) Seen(_ context.Context, password string) (int, error) { return f(password), nil }

// never fails the test when it is asked.
type never struct{ t testing.TB }

func (n never) Seen(context.Context, string) (int, error) {
	n.t.Error("a list was asked that must not be")
	return 0, nil
}

// counter counts how often it is asked.
type counter struct{ asked atomic.Int64 }

func (c *counter) Seen(context.Context, string) (int, error) {
	c.asked.Add(1)
	return 0, nil
}

func check(t testing.TB, p policy.Policy, password string, about ...string) policy.Verdict {
	t.Helper()
	v, err := p.Check(context.Background(), password, about...)
	require.NoError(t, err)
	return v
}

func codes(v policy.Verdict) []string {
	found := []string{}
	for _, p := range v.Problems {
		found = append(found, p.Code)
	}
	slices.Sort(found)
	return found
}

// seeded returns a source that gives the same numbers in every run.
func seeded() *rand.Rand { return rand.New(rand.NewPCG(15, 256)) }

// randomPassword returns n signs of printing ASCII, as a password manager
// makes them.
func randomPassword(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('!' + r.IntN('~'-'!'+1))
	}
	return string(b)
}

// passphrase returns n words, joined in one of the ways people join them.
func passphrase(r *rand.Rand, list []string, n int) string {
	chosen := make([]string, n)
	for i := range chosen {
		chosen[i] = list[r.IntN(len(list))]
	}
	if r.IntN(2) == 0 {
		for i, w := range chosen {
			chosen[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(chosen, []string{" ", "-", ".", "_", ""}[r.IntN(5)])
}
