package generate_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

func newGenerator(t testing.TB, r generate.Recipe) *generate.Generator {
	t.Helper()
	g, err := generate.New(t.Context(), r)
	require.NoError(t, err)
	return g
}

func password(t testing.TB, g *generate.Generator) string {
	t.Helper()
	p, err := g.Password(t.Context())
	require.NoError(t, err)
	return p
}

// list is a policy.List made of a function.
type list func(password string) (int, error)

func (l list) Seen(_ context.Context, password string) (int, error) { return l(password) }

// starts is a list of all passwords that start with one of the signs.
func starts(signs string) policy.List {
	return list(func(password string) (int, error) {
		if strings.ContainsAny(password[:1], signs) {
			return 1, nil
		}
		return 0, nil
	})
}

// chiSquareLimit returns what chi-square with so many degrees of freedom
// exceeds less than once in 10^9 times (Wilson and Hilferty, 1931, with the
// quantile 6 of the normal distribution).
func chiSquareLimit(freedom int) float64 {
	k := float64(freedom)
	return k * math.Pow(1-2/(9*k)+6*math.Sqrt(2/(9*k)), 3)
}

// chiSquare compares counts with the same chance for each.
func chiSquare(counts []int) float64 {
	total := 0
	for _, c := range counts {
		total += c
	}
	want := float64(total) / float64(len(counts))
	sum := 0.0
	for _, c := range counts {
		d := float64(c) - want
		sum += d * d / want
	}
	return sum
}
