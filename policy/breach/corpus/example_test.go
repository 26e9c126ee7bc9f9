package corpus_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// leakedText is a tiny text of leaked hashes: those of "password" and "123456".
const leakedText = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824\r\n7C4A8D09CA3762AF61E59520943DC26494F8941B:37359195\r\n"

// folderFor makes a folder for an example.
func folderFor(name string) (folder string, remove func()) {
	folder, err := os.MkdirTemp("", name)
	if err != nil {
		panic(err)
	}
	return folder, func() { _ = os.RemoveAll(folder) }
}

func Example() {
	folder, remove := folderFor("corpus")
	defer remove()
	path := filepath.Join(folder, "leaked.pwb")

	// Once, and again whenever there is a newer text:
	source := corpus.TextReader(strings.NewReader(leakedText), int64(len(leakedText)))
	report, err := corpus.Build(context.Background(), path, source, corpus.Options{
		Counts: true,
		Stamp:  time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Keys, "passwords of", report.Stamp.Format(time.DateOnly))

	// In every process:
	leaked, err := corpus.Open(path, corpus.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaked.Close()
	rules := policy.ShopCustomer()
	rules.Breach = append(rules.Breach, leaked)
	for _, password := range []string{"password", "walnut teapot under the stairs"} {
		count, err := leaked.Seen(context.Background(), password)
		fmt.Println(count, err)
	}
	// Output:
	// 2 passwords of 2026-08-01
	// 9545824 <nil>
	// 0 <nil>
}

func ExampleMerge() {
	folder, remove := folderFor("corpus")
	defer remove()
	path, own := filepath.Join(folder, "leaked.pwb"), filepath.Join(folder, "own.txt")
	if err := os.WriteFile(own, []byte("kettle\nkettle\nteapot\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	text := corpus.TextReader(strings.NewReader(leakedText), int64(len(leakedText)))
	report, err := corpus.Build(context.Background(), path, corpus.Merge(text, corpus.PasswordFile(own)), corpus.Options{Counts: true})
	fmt.Println(report.Keys, err)
	// Output: 4 <nil>
}

// Leave BaseURL out to ask Pwned Passwords. The mirror of this example wants to
// be left alone.
func ExampleUpdate() {
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer mirror.Close()
	folder, remove := folderFor("corpus")
	defer remove()

	report, err := corpus.Update(context.Background(), filepath.Join(folder, "leaked.pwb"), corpus.UpdateConfig{
		Options:   corpus.Options{Counts: true},
		BaseURL:   mirror.URL,
		UserAgent: "example-shop/1.4 (+https://shop.example)",
	})
	var refused *corpus.RangeError
	switch {
	case err == nil:
		fmt.Println(report.Keys, "passwords;", report.Changed, "ranges changed")
	case errors.As(err, &refused):
		// What came before is kept: the next Update goes on there.
		fmt.Println("later: range", refused.Prefix, "status", refused.Status)
	default:
		fmt.Println(err)
	}
	// Output: later: range 00000 status 429
}

func ExampleCorpus_Count() {
	leaked, err := corpus.Open("testdata/v1-16-count.pwb", corpus.OpenOptions{Access: corpus.Read})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaked.Close()
	r := passwordRow("tea 7", 0)
	fmt.Println(leaked.Count(r.sum[:]))
	// Output: 50 <nil>
}

func ExampleCorpus_Verify() {
	leaked, err := corpus.Open("testdata/v1-16.pwb", corpus.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaked.Close()
	fmt.Println(leaked.Verify(context.Background()))
	// Output: <nil>
}

func ExampleCorpus_Reload() {
	leaked, err := corpus.Open("testdata/v1-16.pwb", corpus.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaked.Close()
	// Every minute or so: takes a new file if one was renamed to this path.
	fmt.Println(leaked.Reload())
	// Output: <nil>
}

func ExampleFromBytes() {
	embedded, err := os.ReadFile("testdata/v1-16-count.pwb") // or //go:embed
	if err != nil {
		fmt.Println(err)
		return
	}
	leaked, err := corpus.FromBytes(embedded)
	if err != nil {
		fmt.Println(err)
		return
	}
	info := leaked.Info()
	fmt.Println(info.Kind, info.Keys, info.Counts, info.RemainderBits)
	// Output: SHA-1 300 true 16
}

func ExampleCorpus_Entries() {
	leaked, err := corpus.Open("testdata/v1-16-count.pwb", corpus.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaked.Close()
	often := 0
	for e, err := range leaked.Entries(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.Count >= 10_000 {
			often++
		}
	}
	fmt.Println(often, "of", leaked.Info().Keys)
	// Output: 200 of 300
}
