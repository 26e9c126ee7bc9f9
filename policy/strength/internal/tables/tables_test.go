package tables_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

func hash(text string) uint64 {
	h := tables.Seed
	for _, r := range text {
		h = tables.Step(h, r)
	}
	return h
}

func embedded(t *testing.T) string {
	t.Helper()
	file, err := os.ReadFile("tables.bin")
	require.NoError(t, err)
	return string(file)
}

func TestEmbedded(t *testing.T) {
	file := embedded(t)
	opened, err := tables.Open(file)
	require.NoError(t, err)
	require.Equal(t, opened, tables.Embedded())
	require.Less(t, len(file), 2_500_000)

	for _, text := range []string{"password", "123456", "michael", "berlin"} {
		_, _, ok := opened.List.Find(hash(text))
		require.True(t, ok, text)
	}
	common, _, _ := opened.List.Find(hash("123456"))
	rare, _, _ := opened.List.Find(hash("berlin"))
	require.Less(t, common, rare)
}

// TestFalseAnswers: a text that is not listed is taken for one that is about
// six times in 2^22, the entries of a bucket against the bits of a print.
func TestFalseAnswers(t *testing.T) {
	list, wrong := tables.Embedded().List, 0
	for i := range 1_000_000 {
		if _, _, ok := list.Find(hash(fmt.Sprintf("no password %d", i))); ok {
			wrong++
		}
	}
	require.Less(t, wrong, 10)
}

// TestNoticeIsOfThisFile: whoever makes the file anew has to say from what.
func TestNoticeIsOfThisFile(t *testing.T) {
	notice, err := os.ReadFile("NOTICE.md")
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(embedded(t)))
	require.Contains(t, string(notice), hex.EncodeToString(sum[:]))
	require.Contains(t, string(notice), "Permission is hereby granted")
	require.Contains(t, string(notice), "OpenSubtitles")
}

// TestNothingReadable: the file holds no text.
func TestNothingReadable(t *testing.T) {
	file := embedded(t)
	for _, word := range []string{"password", "iloveyou", "trustno1", "princess", "passw", "dragon", "michael"} {
		require.NotContains(t, file, word)
	}
}

func small() *tables.Contents {
	c := &tables.Contents{Curve: []tables.Knot{{Score: 0, Guesses: 0}, {Score: 2000, Guesses: 1000}, {Score: 4000, Guesses: 6000}}}
	for i := range 500 {
		c.AddText([]rune(fmt.Sprint("text ", i)), tables.Name, i%200)
	}
	c.AddText([]rune("dragon"), tables.Password, 300)
	c.AddGram(tables.Seed, 'a', 20)
	c.AddGram(tables.Step(tables.Seed, 'a'), 'b', 3)
	c.AddBackoff(tables.Step(tables.Seed, 'a'), 7)
	return c
}

func TestEncode(t *testing.T) {
	file := small().Encode()
	require.Equal(t, file, small().Encode())
	all, err := tables.Open(string(file))
	require.NoError(t, err)

	for i := range 500 {
		cost, kind, ok := all.List.Find(hash(fmt.Sprint("text ", i)))
		require.True(t, ok)
		require.Equal(t, tables.Name, kind)
		require.Equal(t, i%200, cost)
		for _, n := range []int{3, 4, 6} {
			require.True(t, tables.IsStart(n))
			require.True(t, all.List.Begins(hash(fmt.Sprint("text ", i)[:n])))
		}
	}
	cost, kind, ok := all.List.Find(hash("dragon"))
	require.True(t, ok)
	require.Equal(t, tables.Password, kind)
	require.Equal(t, 255, cost, "more than a byte holds is the most it holds")
	require.Equal(t, 501, all.List.Len())
}

func TestGrams(t *testing.T) {
	all, err := tables.Open(string(small().Encode()))
	require.NoError(t, err)
	c := tables.Begin()
	require.Equal(t, 20, all.Grams.Cost(&c, 'a'), "known alone")
	require.Equal(t, 3, all.Grams.Cost(&c, 'b'), "known after an a")
	c = tables.Begin()
	all.Grams.Cost(&c, 'a')
	require.Equal(t, 7+20, all.Grams.Cost(&c, 'a'), "left the context of an a, then known alone")
	c = tables.Begin()
	all.Grams.Cost(&c, 'a')
	unknown := all.Grams.Cost(&c, 'z') - 7
	require.Greater(t, unknown, 50, "never seen")
}

func TestCurve(t *testing.T) {
	all, err := tables.Open(string(small().Encode()))
	require.NoError(t, err)
	for score, want := range map[int]int{0: 0, 1000: 500, 2000: 1000, 3000: 3500, 4000: 6000, 5000: 8500} {
		require.Equal(t, want, all.Guesses(score), score)
	}
	embedded, last := tables.Embedded(), 0
	for score := 0; score < 40000; score += 7 {
		next := embedded.Guesses(score)
		require.GreaterOrEqual(t, next, last)
		last = next
	}
}

func TestDamagedFiles(t *testing.T) {
	good := string(small().Encode())
	for name, bad := range map[string]string{
		"empty":         "",
		"only a head":   good[:20],
		"cut":           good[:len(good)-1],
		"longer":        good + "\x00",
		"other version": strings.Replace(good, "\x02", "\x01", 1),
		"many knots":    good[:8] + "\xff\xff\xff\x7f" + good[12:],
		"many entries":  good[:16] + "\xff\xff\xff\x7f" + good[20:],
		"wild offsets":  good[:60] + strings.Repeat("\xff", 60) + good[120:],
	} {
		_, err := tables.Open(bad)
		require.Error(t, err, name)
	}
}

// FuzzOpen: no file makes a look-up panic that Open let through.
func FuzzOpen(f *testing.F) {
	f.Add(uint16(12), []byte("\x01\x00\x00\x00"), "dragon")
	f.Add(uint16(61), []byte("\x02\x00"), "text 7")
	good := small().Encode()
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, text string) {
		file := append([]byte(nil), good...)
		copy(file[int(at)%len(file):], patch)
		all, err := tables.Open(string(file))
		if err != nil {
			return
		}
		if cost, _, ok := all.List.Find(hash(text)); cost < 0 || cost > 255 || !ok && cost != 0 {
			t.Fatalf("a cost of %d", cost)
		}
		c := tables.Begin()
		for _, r := range text {
			all.Grams.Cost(&c, r)
		}
		all.Guesses(len(text) * 1000)
	})
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	list := tables.Embedded().List
	for b.Loop() {
		if _, _, ok := list.Find(hash("correct horse staple")); ok {
			b.Fatal("is listed")
		}
	}
}
