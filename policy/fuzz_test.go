package policy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy"
)

// FuzzCheck holds what is true of every password: nothing panics, Check finds
// all that Preview finds, and the verdict can be printed and explained.
func FuzzCheck(f *testing.F) {
	for _, password := range append([]string{"", "\xff", "\ufdfa\u0301", "Tillkey2026", longPhrase}, overrated...) {
		f.Add(password, "maria.lopez@shop.example")
	}
	p := policy.ShopCustomer()
	p.Words = []string{"Tillkey", "The Corner Shop"}
	p.NeedLetter, p.NeedDigit, p.Contains = true, true, true
	p.Lists = append(p.Lists, policy.NewList("walrus"))
	p.Breach = []policy.List{exact{"password": 3}}
	f.Fuzz(func(t *testing.T, password, about string) {
		preview := p.Preview(password, about)
		v, err := p.Check(t.Context(), password, about)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range preview.Problems {
			if !v.Has(problem.Code) {
				t.Fatalf("Preview finds %s, Check does not", problem.Code)
			}
		}
		for _, problem := range v.Problems {
			if problem.Text == "" || problem.Params == nil || !slices.Contains(policy.Codes(), problem.Code) {
				t.Fatalf("problem %+v", problem)
			}
		}
		if v.Has(policy.NotText) != (len(password) <= policy.DefaultMaxBytes && !utf8.ValidString(password)) {
			t.Fatal("not_text is wrong")
		}
		if v.GuessesLog10 < 0 || v.GuessesLog10 > 1000 || v.Score < 0 || v.Score > 4 {
			t.Fatalf("rated %v, score %d", v.GuessesLog10, v.Score)
		}
		if _, err := json.Marshal(v); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(password) && len(password) <= 512 {
			again, err := p.Check(t.Context(), policy.Normalize(password), about)
			if err != nil || !slices.Equal(codes(again), codes(v)) {
				t.Fatalf("the normal form has other problems: %v, not %v", codes(again), codes(v))
			}
		}
	})
}

// FuzzNormalize: the normal form is stable and text.
func FuzzNormalize(f *testing.F) {
	f.Add("e\u0301")
	f.Add("\u1100\u1161\u11a8")
	f.Fuzz(func(t *testing.T, password string) {
		once := policy.Normalize(password)
		if twice := policy.Normalize(once); twice != once {
			t.Fatalf("%+q, then %+q", once, twice)
		}
		if utf8.ValidString(password) && !utf8.ValidString(once) {
			t.Fatal("text became no text")
		}
	})
}

// FuzzSimilar: it never panics, is symmetric, and a password is like itself.
func FuzzSimilar(f *testing.F) {
	f.Add("Summer2026!", "autumn2027")
	f.Add("monkey", "yeknom1")
	f.Add("\xff", "\u0301")
	f.Fuzz(func(t *testing.T, a, b string) {
		if policy.Similar(a, b) != policy.Similar(b, a) {
			t.Fatalf("Similar(%q, %q) depends on the order", a, b)
		}
		if utf8.ValidString(a) && utf8.RuneCountInString(a) > 0 && a[0] < utf8.RuneSelf && !policy.Similar(a, a) {
			t.Fatalf("%q is not like itself", a)
		}
	})
}

// FuzzList: a list never panics and knows what it was made of.
func FuzzList(f *testing.F) {
	f.Add("walrus", "w4lrus2026!")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, entry, password string) {
		list := policy.NewList(entry)
		if len(entry) <= 4096 && !onList(t, list, entry) {
			t.Fatalf("%q is not on its own list", entry)
		}
		onList(t, list, password)
		onList(t, policy.Common(), password)
	})
}

// FuzzReadFile: a policy file is refused with a place inside it, or it is read,
// written and read again as the same.
func FuzzReadFile(f *testing.F) {
	files, err := filepath.Glob("testdata/files/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no files", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"version":1,"groups":{"a":{"preset":"NIST63B4","max_length":9}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		groups, err := policy.Read(bytes.NewReader(text), sources())
		if err != nil {
			e, ok := errors.AsType[*policy.FileError](err)
			if !ok || groups != nil || e.Line > bytes.Count(text, []byte{'\n'})+1 || e.Column > len(text)+1 || len(e.Error()) > 4096 {
				t.Fatalf("%v %#v", groups, err)
			}
			return
		}
		if err := groups.Validate(); err != nil {
			t.Fatal(err)
		}
		var first, second bytes.Buffer
		if err := policy.Write(&first, groups); err != nil {
			t.Fatal(err)
		}
		again, err := policy.Read(bytes.NewReader(first.Bytes()), sources())
		if err != nil || !reflect.DeepEqual(groups, again) {
			t.Fatalf("%v from %s", err, first.Bytes())
		}
		if err := policy.Write(&second, again); err != nil || first.String() != second.String() {
			t.Fatalf("%v from %s", err, second.Bytes())
		}
	})
}
