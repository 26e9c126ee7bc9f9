package breach_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

// A local server stands for the service. A shop leaves BaseURL empty.
func ExampleRange_Seen() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("the service is asked for", r.URL.Path)
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, "2DC183F740EE76F27B78EB39C8AD972A757:83129\r\n")
	}))
	defer server.Close()

	leaks, err := breach.NewRange(breach.RangeConfig{
		BaseURL:   server.URL,
		UserAgent: "example-shop/1.4 (+https://shop.example)",
		MinRows:   1, // this server knows one row only
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	count, err := leaks.Seen(context.Background(), "P@ssw0rd")
	fmt.Println(count, err)
	// Output:
	// the service is asked for /range/21BD1
	// 83129 <nil>
}

// A source that cannot tell gives an error, and the shop decides.
func ExampleUncheckedError() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()

	leaks, err := breach.NewRange(breach.RangeConfig{BaseURL: server.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = leaks.Seen(context.Background(), "P@ssw0rd")
	var unchecked *breach.UncheckedError
	if errors.As(err, &unchecked) {
		fmt.Println(unchecked.Reason, unchecked.Status, unchecked.RetryAfter)
	}
	fmt.Println(errors.Is(err, policy.ErrUnchecked))
	// Output:
	// throttled 429 1m0s
	// true
}

// A shop asks its corpus, and the service only about what that knows: so hardly
// anything is sent, and a hit by chance refuses nobody's password.
func ExampleChain() {
	path, remove := writeCorpus("21BD12DC183F740EE76F27B78EB39C8AD972A757:3")
	defer remove()
	offline, err := breach.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer offline.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("the service is asked for", r.URL.Path)
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, "2DC183F740EE76F27B78EB39C8AD972A757:83129\r\n")
	}))
	defer server.Close()
	online, err := breach.NewRange(breach.RangeConfig{BaseURL: server.URL, MinRows: 1})
	if err != nil {
		fmt.Println(err)
		return
	}

	rules := policy.ShopCustomer()
	rules.Unchecked = policy.RefuseUnchecked // or accept, and look again at the next sign-in
	rules.BreachThreshold = 1                // rotate.Rules has another one, for sign-ins
	rules.Breach = []policy.List{breach.Chain{
		Embedded: embedded.List{}, Offline: offline, Online: online, Rule: breach.OnlineConfirm,
	}}
	for _, password := range []string{"P@ssw0rd", "walnut teapot under the stairs"} {
		verdict, err := rules.Check(context.Background(), password)
		fmt.Println(verdict.Has(policy.Breached), err)
	}
	// Output:
	// the service is asked for /range/21BD1
	// true <nil>
	// false <nil>
}

// Nobody could tell, and the error says why.
func ExampleChain_Seen() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	online, err := breach.NewRange(breach.RangeConfig{BaseURL: server.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	chain := breach.Chain{Embedded: embedded.List{}, Online: online}
	fmt.Println(chain.Seen(context.Background(), "123456"))
	_, err = chain.Seen(context.Background(), "walnut teapot under the stairs")
	fmt.Println(errors.Is(err, policy.ErrUnchecked), err)
	// Output:
	// 5365167 <nil>
	// true breach: range not checked: the answer is no range (HTTP status 403)
}

func ExampleOpen() {
	path, remove := writeCorpus(
		"21BD12DC183F740EE76F27B78EB39C8AD972A757:83129",
		"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10437277",
	)
	defer remove()

	leaks, err := breach.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaks.Close()
	for _, password := range []string{"password", "P@ssw0rd", "correct horse"} {
		count, err := leaks.Seen(context.Background(), password)
		fmt.Println(count, err)
	}
	// Output:
	// 10437277 <nil>
	// 83129 <nil>
	// 0 <nil>
}

// A corpus of NTLM hashes has the wrong width, and Open says what to use.
func ExampleFileError() {
	ntlm := "8846F7EAEE8FB117AD06BDD830B7586C:10437277\n"
	_, err := breach.NewFile(strings.NewReader(ntlm), int64(len(ntlm)))
	fmt.Println(err)
	// Output:
	// breach: "corpus": line 1 (offset 0) has a hash of 32 characters, as NTLM and MD5 have; use the SHA-1 corpus
}

// After every download the whole file is checked once.
func ExampleFile_Verify() {
	path, remove := writeCorpus(
		"21BD12DC183F740EE76F27B78EB39C8AD972A757:83129",
		"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10437277",
	)
	defer remove()

	leaks, err := breach.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leaks.Close()
	fmt.Println(leaks.Verify(context.Background()))
	// Output: <nil>
}

func ExampleNewFile() {
	corpus := "21BD12DC183F740EE76F27B78EB39C8AD972A757:83129\n"
	leaks, err := breach.NewFile(strings.NewReader(corpus), int64(len(corpus)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(leaks.Seen(context.Background(), "P@ssw0rd"))
	// Output: 83129 <nil>
}

func writeCorpus(lines ...string) (path string, remove func()) {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		panic(err)
	}
	path = filepath.Join(dir, "pwned-passwords-sha1.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\r\n")), 0o600); err != nil {
		panic(err)
	}
	return path, func() { os.RemoveAll(dir) }
}
