package policy_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// sources are what the files in testdata name.
func sources() policy.Sources {
	return policy.Sources{
		Lists:      map[string]policy.List{"staff-words": policy.NewList("forklift")},
		Breach:     map[string]policy.List{"leaked": exact{"password": 3}, "range": answer{err: policy.ErrUnchecked}},
		Estimators: map[string]policy.Estimator{"strength": sized{}},
	}
}

func read(text string) (policy.Groups, error) { return policy.Read(strings.NewReader(text), sources()) }

// TestReadFile: a file says what code would.
func TestReadFile(t *testing.T) {
	got, err := policy.ReadFile("testdata/files/shop.json", sources())
	require.NoError(t, err)

	customers, staff := policy.ShopCustomer(), policy.ShopStaff()
	customers.Estimator = policy.NamedEstimator("strength", sized{})
	staff.Estimator = customers.Estimator
	staff.NeedLetter, staff.NeedDigit = true, true
	staff.Lists = []policy.List{policy.Common(), policy.Named("staff-words", policy.NewList("forklift"))}
	store := customers
	store.Words = []string{"Größe 17"}
	want := policy.Groups{
		"": {
			Words:  []string{"Tillkey", "The Corner Shop"},
			Breach: []policy.List{policy.Named("leaked", exact{"password": 3})},
		},
		"customers": customers, "staff": staff, "store-17/customers": store,
	}
	require.Equal(t, want, got)

	p, err := got.Policy("store-17/customers")
	require.NoError(t, err)
	require.Equal(t, []string{policy.TooCommon, policy.TooGuessable, policy.TooShort}, codes(check(t, p, "Forklift1Password"[8:])))
	require.Equal(t, []string{policy.ContainsContext}, codes(check(t, p, "thecornershop-tillkey")))
}

// TestReadEveryField of the format.
func TestReadEveryField(t *testing.T) {
	got, err := policy.ReadFile("testdata/files/every-field.json", sources())
	require.NoError(t, err)
	require.Equal(t, policy.Groups{
		"": {Name: "all", MaxLength: 1024, MaxBytes: 4096},
		"everything": {
			Name: "A \"name\" of <signs> & größe 😀", MinLength: 16, MaxLength: 128, MaxBytes: 512,
			NeedLetter: true, NeedDigit: true, Estimator: policy.Entropy(), MinGuessesLog10: 9.5,
			Words: []string{"Tillkey", "", "a\u0301"}, Contains: true,
			Lists: []policy.List{policy.Common(), policy.Named("staff-words", policy.NewList("forklift"))},
			Breach: []policy.List{
				policy.Named("leaked", exact{"password": 3}), policy.Named("range", answer{err: policy.ErrUnchecked}),
			},
			BreachThreshold: 3, Unchecked: policy.RefuseUnchecked,
		},
		"everything/but little": {},
		"größe/😀":               {MinGuessesLog10: 10},
	}, got)
}

// TestFilesArePrintedAndReadAgain: parse, print and parse is the identity, and
// print, parse and print is.
func TestFilesArePrintedAndReadAgain(t *testing.T) {
	files, err := filepath.Glob("testdata/files/*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	for _, file := range files {
		groups, err := policy.ReadFile(file, sources())
		require.NoError(t, err, file)
		requireRoundTrip(t, groups)
	}
	r := seeded()
	for range 300 {
		groups := policy.Groups{}
		for _, path := range some(r, "", "a", "b", "a/b", "größe", `a"b\c`) {
			p := randomPolicy(r)
			if _, named := p.Estimator.(sized); named {
				p.Estimator = policy.NamedEstimator("strength", p.Estimator)
			}
			p.Lists = some(r, policy.Common(), policy.Named("staff-words", policy.NewList("forklift")))
			p.Breach = some(r, policy.Named("leaked", exact{"password": 3}))
			groups[path] = p
		}
		if groups.Validate() == nil {
			requireRoundTrip(t, groups)
		}
	}
}

func requireRoundTrip(t *testing.T, groups policy.Groups) {
	t.Helper()
	known := sources()
	known.Estimators["halves"] = sized{}
	var first, second bytes.Buffer
	require.NoError(t, policy.Write(&first, groups))
	again, err := policy.Read(bytes.NewReader(first.Bytes()), known)
	require.NoError(t, err, first.String())
	require.Equal(t, groups, again)
	require.NoError(t, policy.Write(&second, again))
	require.Equal(t, first.String(), second.String())
}

// TestWriteGolden is the form of a written file.
func TestWriteGolden(t *testing.T) {
	groups, err := policy.ReadFile("testdata/files/shop.json", sources())
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, policy.Write(&b, groups))
	want, err := os.ReadFile("testdata/shop.written.json")
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

func TestWriteRefuses(t *testing.T) {
	large := slices.Repeat([]string{strings.Repeat("w", 256)}, 1000)
	for want, groups := range map[string]policy.Groups{
		"MinLength":                            {"a": {MinLength: -1}},
		"Lists[1] of type policy_test.answer":  {"a": {Lists: []policy.List{policy.Common(), answer{}}}},
		`has no name (group "b")`:              {"a": {}, "b": {Breach: []policy.List{answer{}}}},
		"Estimator policy_test.sized":          {"a": {Estimator: sized{}}},
		"has the name of Common":               {"a": {Lists: []policy.List{policy.Named("common", answer{})}}},
		"has the name of Entropy":              {"a": {Estimator: policy.NamedEstimator("entropy", sized{})}},
		`Lists has the name "two words", want`: {"a": {Lists: []policy.List{policy.Named("two words", answer{})}}},
		`Breach has the name ""`:               {"a": {Breach: []policy.List{policy.Named("", answer{})}}},
		`Estimator has the name "é"`:           {"a": {Estimator: policy.NamedEstimator("é", sized{})}},
		`Estimator has the name ""`:            {"a": {Estimator: policy.NamedEstimator("", strength.Estimator{}), MinGuessesLog10: 8}},
		`Estimator has two that differ under the name "x" (group "b")`: {
			"a": {Estimator: policy.NamedEstimator("x", strength.Estimator{})}, "b": {Estimator: policy.NamedEstimator("x", sized{})}},
		`Lists has two that differ under the name "x" (group "a")`: {
			"": {Lists: []policy.List{policy.Named("x", policy.NewList("a"))}}, "a": {Lists: []policy.List{policy.Named("x", policy.NewList("b"))}}},
		`Breach has two that differ under the name "x" (group "a")`: {
			"a": {Breach: []policy.List{policy.Named("x", answer{}), policy.Named("x", policy.NewList("b"))}}},
		"Name is not text":          {"a": {Name: "\xff"}},
		"breach_threshold":          {"a": {BreachThreshold: 1 << 31}},
		"larger than 1048576 bytes": {"a": {Words: large}, "b": {Words: large}, "c": {Words: large}, "d": {Words: large}, "e": {Words: large}},
	} {
		var b bytes.Buffer
		err := policy.Write(&b, groups)
		require.ErrorIs(t, err, policy.ErrInvalid, want)
		require.ErrorContains(t, err, want)
		require.Zero(t, b.Len(), "nothing is written")
	}
	require.ErrorIs(t, policy.Write(failing{}, policy.Groups{}), errFull)

	var b bytes.Buffer
	require.NoError(t, policy.Write(&b, policy.Groups{
		"a": {Lists: []policy.List{policy.Named("x", answer{})}, Breach: []policy.List{policy.Named("x", policy.NewList("b"))}},
		"b": {Lists: []policy.List{policy.Named("x", exact{})}, Estimator: policy.NamedEstimator("x", sized{})},
	}), "one name for each kind, and what has no fingerprint is its name")
}

var errFull = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

// TestAbsentSources: a program that only shows rules needs no lists, and what
// it shows has the same fingerprint.
func TestAbsentSources(t *testing.T) {
	_, err := policy.ReadFile("testdata/files/shop.json", policy.Sources{})
	require.ErrorContains(t, err, `testdata/files/shop.json:4:64: base.breach[0]: unknown list "leaked"`)
	_, err = policy.ReadFile("testdata/files/shop.json", policy.Sources{Absent: true})
	require.ErrorContains(t, err, `groups["customers"].estimator: unknown estimator "strength"`, "nothing can rate in its place")

	shown, err := policy.ReadFile("testdata/files/shop.json", policy.Sources{Estimators: sources().Estimators, Absent: true})
	require.NoError(t, err)
	customers, err := shown.Policy("customers")
	require.NoError(t, err)
	require.Equal(t, policy.Breached, customers.Describe()[5].Code)
	v := check(t, customers, "winter harbor nine zebra")
	require.NoError(t, v.Err())
	require.ErrorIs(t, v.Unchecked[0].Err, policy.ErrUnchecked)

	whole, err := policy.ReadFile("testdata/files/shop.json", sources())
	require.NoError(t, err)
	want, err := whole.Policy("customers")
	require.NoError(t, err)
	require.Equal(t, want.Fingerprint(), customers.Fingerprint())
}

func TestReadErrorsOfTheReader(t *testing.T) {
	_, err := policy.Read(iotest.ErrReader(io.ErrClosedPipe), sources())
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.NotErrorIs(t, err, policy.ErrInvalid)
	_, err = policy.ReadFile(filepath.Join(t.TempDir(), "none.json"), sources())
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = policy.ReadFile(t.TempDir(), sources())
	require.Error(t, err, "a folder")
	require.NotErrorIs(t, err, policy.ErrInvalid)

	// One byte above the bound is not parsed, and no more is read.
	endless := &counted{}
	_, err = policy.Read(endless, sources())
	require.EqualError(t, err, "policy: larger than 1048576 bytes")
	require.Less(t, endless.n, 1<<20+1<<19)
	groups, err := read(`{"version":1,"groups":{}}` + strings.Repeat(" ", 1<<20-25))
	require.NoError(t, err, "at the bound")
	require.Empty(t, groups)
	groups, err = policy.Read(iotest.OneByteReader(strings.NewReader(`{"version":1,"groups":{"a":{}}}`)), sources())
	require.NoError(t, err)
	require.Len(t, groups, 1)
}

// counted is an endless file of spaces.
type counted struct{ n int }

func (c *counted) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	c.n += len(b)
	return len(b), nil
}
