package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunComplains(t *testing.T) {
	for _, args := range [][]string{nil, {"build"}, {"build", "a", "b"}, {"eval", "a", "b", "c"}, {"make", "a", "b"}} {
		require.ErrorContains(t, run(args), "usage", args)
	}
	require.ErrorContains(t, run([]string{"eval", t.TempDir(), t.TempDir()}), "no list phpbb")
}
