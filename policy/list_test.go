package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestNewList(t *testing.T) {
	list := policy.NewList("walrus", "zebra river", "7ff", "ключница")
	for _, password := range []string{
		"walrus", "WALRUS", "w4lru5", "walruswalrus", "Walrus2026!", "surlaw", "w-a-l-r-u-s", "walrus1walrus2",
		"zebra river", "zebra river zebra river", "7ff", "ключница2026", "КЛЮЧНИЦА",
	} {
		require.True(t, onList(t, list, password), "%q", password)
	}
	for _, password := range []string{
		"", "walru", "the walrus and the river", "zebra", "river", "7ff2026x91", "walrus83719405", "password",
	} {
		require.False(t, onList(t, list, password), "%q", password)
	}
	require.False(t, onList(t, policy.NewList(), "password"))
	require.True(t, onList(t, policy.NewList(""), ""))
}

func TestRepeatedShortEntries(t *testing.T) {
	require.True(t, onList(t, policy.NewList("kvzq"), "kvzqkvzq"), "decorated from four code points on")
	require.False(t, onList(t, policy.NewList("kvz"), "kvz1"), "three only as they are")
}
