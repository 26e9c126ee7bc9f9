package embedded_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

var _ policy.List = embedded.List{}

func TestInfo(t *testing.T) {
	info := embedded.List{}.Info()
	require.Equal(t, corpus.SHA1, info.Kind)
	require.EqualValues(t, 277_294, info.Keys, "NOTICE.md and the comment of the package name this number")
	require.True(t, info.Counts)
	require.EqualValues(t, 1, info.MinCount)
	require.Equal(t, 24, info.RemainderBits)
	require.Equal(t, time.Date(2020, time.July, 2, 0, 0, 0, 0, time.UTC), info.Stamp)
	require.InDelta(t, 1.0/16e6, info.FalsePositives, 1e-9)
	require.Less(t, info.Bytes, int64(1_200_000))
}

// TestNoticeIsOfThisFile: whoever makes the file anew has to say from what.
func TestNoticeIsOfThisFile(t *testing.T) {
	notice, err := os.ReadFile("NOTICE.md")
	require.NoError(t, err)
	file, err := os.ReadFile("embedded.pwb")
	require.NoError(t, err)
	sum := sha256.Sum256(file)
	require.Equal(t, "d4526444fc538a6d8e49702ced239aea05f9be091a18f60c724ad0ff4287a9c9", hex.EncodeToString(sum[:]))
	for _, text := range []string{hex.EncodeToString(sum[:]), "277 294 passwords", fmt.Sprint(len(file)), "Permission is hereby granted"} {
		require.Contains(t, string(notice), text)
	}
	for _, word := range []string{"password", "iloveyou", "trustno1", "princess", "dragon"} {
		require.NotContains(t, string(file), word, "the file holds no text")
	}
}

// TestEveryBlockIsWhole checks all checksums of the file as it was linked.
func TestEveryBlockIsWhole(t *testing.T) {
	file, err := os.ReadFile("embedded.pwb")
	require.NoError(t, err)
	c, err := corpus.FromBytes(file)
	require.NoError(t, err)
	require.NoError(t, c.Verify(t.Context()))
	require.Equal(t, c.Info(), embedded.List{}.Info())
}

// TestSeen: counts are those of the lists, and the bytes are compared exactly.
// TestShippedFile of package gen asks for all passwords.
func TestSeen(t *testing.T) {
	for password, least := range map[string]int{
		"123456": 5_365_167, "123456789": 1_962_603, "ilikecookies": 389, "password": 389, "qwerty": 389, "iloveyou": 389,
		"Password1": 1, "correcthorse": 0, "correct horse battery staple": 0, "PaSsWoRd": 0, "password ": 0, "пароль": 0,
	} {
		count, err := embedded.List{}.Seen(t.Context(), password)
		require.NoError(t, err)
		switch {
		case least == 0:
			require.Zero(t, count, password)
		case least > 389:
			require.Equal(t, least, count, password)
		default:
			require.GreaterOrEqual(t, count, least, password)
		}
	}
}

// TestFalsePositives: others are not found. By chance one in 16 million is, so of
// a quarter million three or more hardly ever; and this list does not change.
func TestFalsePositives(t *testing.T) {
	found := 0
	for i := range 250_000 {
		count, err := embedded.List{}.Seen(t.Context(), fmt.Sprintf("no password %d", i))
		if err != nil {
			require.NoError(t, err)
		}
		if count > 0 {
			found++
		}
	}
	require.Less(t, found, 3)
}

func TestUnchecked(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx      context.Context
		password string
	}{{t.Context(), ""}, {t.Context(), strings.Repeat("x", 64<<10+1)}, {canceled, "password"}} {
		count, err := embedded.List{}.Seen(c.ctx, c.password)
		require.ErrorIs(t, err, policy.ErrUnchecked)
		require.Zero(t, count)
	}
}

func TestParallel(t *testing.T) {
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for _, password := range []string{"123456", "nobody's password 17"} {
				count, err := embedded.List{}.Seen(t.Context(), password)
				assert.NoError(t, err)
				assert.Equal(t, password == "123456", count > 0)
			}
		})
	}
	group.Wait()
}

func TestSeenMakesNoAllocation(t *testing.T) {
	for _, password := range []string{"123456", "nobody's password 17"} {
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = embedded.List{}.Seen(t.Context(), password) }))
	}
}

func BenchmarkSeen(b *testing.B) {
	b.ReportAllocs()
	passwords := make([]string, 4096)
	for i := range passwords {
		passwords[i] = fmt.Sprint(100_000 + i)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := (embedded.List{}).Seen(b.Context(), passwords[i%len(passwords)]); err != nil {
			b.Fatal(err)
		}
	}
}
