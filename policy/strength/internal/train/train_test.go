package train

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

func write(t *testing.T, directory, name, text string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(filepath.Join(directory, name), b.Bytes(), 0o600))
}

// sample makes small lists of every name.
func sample(t *testing.T) (leaks, words string) {
	t.Helper()
	leaks, words = t.TempDir(), t.TempDir()
	var counts, ranked, known strings.Builder
	for i := range 400 {
		password := fmt.Sprintf("%s%d", []string{"dragon", "Walrus", "zebra", "monkey", "ключ"}[i%5], i)
		fmt.Fprintf(&counts, "%d\t%s\n", 1000/(i+1)+4, password)
		fmt.Fprintf(&ranked, "%s\n", password)
		fmt.Fprintf(&known, "%d\t%d\t%s\n", i*i+1, 1000/(i+1)+4, password)
	}
	for _, name := range []string{"phpbb", "myspace", "singles", "faithwriters", "hak5", "pwdb100k"} {
		write(t, leaks, name+".freq.tsv.gz", counts.String())
	}
	for _, name := range []string{"rockyou75", "xato100k"} {
		write(t, leaks, name+".rank.txt.gz", ranked.String())
	}
	for _, name := range []string{"rockyou-offline", "rockyou-online"} {
		write(t, leaks, name+".ref.tsv.gz", known.String())
	}
	require.NoError(t, os.WriteFile(filepath.Join(words, "word.test.rank.txt"), []byte("# none\nharbor\nwinter\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(words, "name.test.flat.txt"), []byte("wendeline\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(words, "place.test.rank.txt"), []byte("zebrington\n"), 0o600))
	return leaks, words
}

func TestBuild(t *testing.T) {
	leaks, words := sample(t)
	data, err := Read(leaks, words)
	require.NoError(t, err)
	m, err := Build(data, Defaults())
	require.NoError(t, err)
	again, err := Build(data, Defaults())
	require.NoError(t, err)
	require.Equal(t, m.Encode(), again.Encode(), "the same lists make the same file")

	made, err := m.Tables()
	require.NoError(t, err)
	for text, kind := range map[string]tables.Kind{"dragon0": tables.Password, "harbor": tables.Word, "wendeline": tables.Name, "zebrington": tables.Place} {
		h := tables.Seed
		for _, r := range text {
			h = tables.Step(h, r)
		}
		_, got, ok := made.List.Find(h)
		require.True(t, ok, text)
		require.Equal(t, kind, got, text)
	}
	rate := func(p string) int { return guess.Rate(made, guess.Question{Password: p}) }
	require.Less(t, rate("dragon0"), rate("dragon395"), "more frequent is weaker")
	require.Less(t, rate("dragon395"), rate("nogard395"))
	require.Less(t, rate("monkeyzebra"), rate("yeknomarbez"), "what is like the leaks is weaker")
}

func TestEvaluate(t *testing.T) {
	leaks, words := sample(t)
	data, err := Read(leaks, words)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, Evaluate(&out, data, Defaults()))
	for _, line := range []string{"phpbb ", "pwdb100k ", "rockyou-offline ", "rockyou-online ", "mean ", "median error"} {
		require.Contains(t, out.String(), line)
	}
}

// TestHeldOut: what is held out is not learned.
func TestHeldOut(t *testing.T) {
	leaks, words := sample(t)
	write(t, leaks, "phpbb.freq.tsv.gz", "500\tquillfeather\n1\tother\n")
	write(t, leaks, "rockyou75.rank.txt.gz", "dragon0\nkestrelmail\n")
	data, err := Read(leaks, words)
	require.NoError(t, err)
	write(t, leaks, "xato100k.rank.txt.gz", "brewbarnmug\n")
	data, err = Read(leaks, words)
	require.NoError(t, err)
	known := func(without, text string) bool {
		o := Defaults()
		o.Without, o.Pure = strings.CutSuffix(without, " pure")
		made, err := Train(data, o).Tables()
		require.NoError(t, err)
		h := tables.Seed
		for _, r := range text {
			h = tables.Step(h, r)
		}
		_, _, ok := made.List.Find(h)
		return ok
	}
	require.True(t, known("", "quillfeather"))
	require.False(t, known("phpbb", "quillfeather"))
	require.True(t, known("phpbb", "kestrelmail"))
	require.False(t, known("rockyou", "kestrelmail"))
	require.True(t, known("rockyou", "brewbarnmug"))
	require.False(t, known("rockyou pure", "brewbarnmug"))
}

// TestPool: if there is no room for all, the most common are listed.
func TestPool(t *testing.T) {
	leaks, words := sample(t)
	data, err := Read(leaks, words)
	require.NoError(t, err)
	listed := pool(sources(data, "", false), nil, 3)
	require.Len(t, listed, 3)
	for _, text := range []string{"dragon0", "walrus1", "zebra2"} {
		require.Contains(t, listed, text)
	}
}

// TestCurveFits: half of the sample is rated below the median of its guess
// numbers, a quarter below the quartile.
func TestCurveFits(t *testing.T) {
	leaks, words := sample(t)
	data, err := Read(leaks, words)
	require.NoError(t, err)
	all, err := heldOut(data, Defaults())
	require.NoError(t, err)
	rows := data.Leaks["rockyou-offline"].Rows
	var rates, truth []float64
	for _, r := range rows {
		rates = append(rates, float64(guess.Rate(all["rockyou"], guess.Question{Password: r.Password}))/1000)
		truth = append(truth, math.Log10(r.Strength))
	}
	slices.Sort(rates)
	slices.Sort(truth)
	for _, q := range []int{len(rows) / 4, len(rows) / 2} {
		require.InDelta(t, truth[q], rates[q], 0.1)
	}
}

func TestReadComplains(t *testing.T) {
	leaks, words := sample(t)
	_, err := Read(leaks, t.TempDir())
	require.ErrorContains(t, err, "no list of words")
	require.NoError(t, os.WriteFile(filepath.Join(words, "thing.test.flat.txt"), nil, 0o600))
	_, err = Read(leaks, words)
	require.ErrorContains(t, err, "thing.test.flat.txt")
	write(t, leaks, "phpbb.freq.tsv.gz", "many\tdragon\n")
	_, err = Read(leaks, words)
	require.ErrorContains(t, err, "line 1")
	require.NoError(t, os.Remove(filepath.Join(leaks, "phpbb.freq.tsv.gz")))
	_, err = Read(leaks, words)
	require.ErrorContains(t, err, "no list phpbb")
}

func TestSpearman(t *testing.T) {
	x, ones := []float64{1, 2, 3, 4, 5}, []float64{1, 1, 1, 1, 1}
	require.InDelta(t, 0.8207826816681233, spearman(x, []float64{5, 6, 7, 8, 7}, ones), 1e-12)
	require.InDelta(t, -1, spearman(x, []float64{5, 4, 3, 2, 1}, []float64{9, 1, 1, 1, 3}), 1e-12)
	require.InDelta(t, 1, spearman(x, []float64{1, 10, 100, 1e4, 1e9}, []float64{9, 1, 1, 1, 3}), 1e-12)
	require.Zero(t, spearman(x, ones, ones))
	heavy := spearman(x, []float64{2, 1, 3, 4, 5}, []float64{100, 100, 1, 1, 1})
	require.Less(t, heavy, 0.2, "a swap of heavy ones counts")
}

func TestCounted(t *testing.T) {
	ranked := Leak{Rows: []Row{{Password: "a"}, {Password: "b"}, {Password: "c"}, {Password: "d"}}}
	known := Leak{Rows: []Row{{Password: "a", Count: 100}, {Password: "c", Count: 10}}}
	rows := counted(ranked, known)
	require.InDelta(t, 100, rows[0].Count, 1e-9)
	require.InDelta(t, 10, rows[2].Count, 1e-9)
	require.InDelta(t, 10, rows[3].Count, 1e-9)
	require.Greater(t, rows[1].Count, 10.0)
	require.Less(t, rows[1].Count, 100.0)
}

func TestZipf(t *testing.T) {
	sum := 0.0
	for _, r := range zipf(Leak{Rows: make([]Row, 50)}, 1000) {
		sum += r.Count
	}
	require.InDelta(t, 1000, sum, 1e-6)
}

// TestShippedFile makes the shipped file anew from the lists that NOTICE.md
// names. They do not ship: STRENGTH_DATA and STRENGTH_WORDS name their
// directories.
func TestShippedFile(t *testing.T) {
	leaks, words := os.Getenv("STRENGTH_DATA"), os.Getenv("STRENGTH_WORDS")
	if leaks == "" || words == "" {
		t.Skip("STRENGTH_DATA or STRENGTH_WORDS is not set")
	}
	data, err := Read(filepath.Join(leaks, "dev"), words)
	require.NoError(t, err)
	m, err := Build(data, Defaults())
	require.NoError(t, err)
	shipped, err := os.ReadFile("../tables/tables.bin")
	require.NoError(t, err)
	require.True(t, bytes.Equal(shipped, m.Encode()), "the file is not the shipped one")
}
