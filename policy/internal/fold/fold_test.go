package fold_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

func TestLower(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"PassWord":                 "password",
		"CONTRASEÑA":               "contrasena",
		"e\u0301":                  "e",
		"\uff30\uff41\uff53\uff53": "pass", // full-width letters
		"\ufb01":                   "fi",   // ligature: folding may replace it, Normalize must not
		"ПАРОЛЬ":                   "пароль",
		"Straße Łódź Æøđ ı":        "strasse lodz aeod i",
	} {
		if got := string(fold.Lower(in)); got != want {
			t.Errorf("Lower(%q) = %q, want %q", in, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("a", 5000), strings.Repeat("\ufdfa", 5000)} {
		if n := len(fold.Lower(long)); n != fold.MaxRunes {
			t.Errorf("Lower of %d bytes has %d code points, want the bound %d", len(long), n, fold.MaxRunes)
		}
	}
}

func TestSkeletonOfLookAlikes(t *testing.T) {
	same := [][2]string{
		{"password", "P@$$w0rd"}, {"tillkey", "t1llk3y"}, {"tillkey", "TI!!KEY"}, {"boat", "80@7"},
		{"password", "pаsswоrd"}, // Cyrillic а and о
	}
	for _, pair := range same {
		if a, b := fold.Skeleton(fold.Lower(pair[0])), fold.Skeleton(fold.Lower(pair[1])); a != b {
			t.Errorf("%q and %q: skeletons %q and %q differ", pair[0], pair[1], a, b)
		}
	}
}

func TestCores(t *testing.T) {
	for password, core := range map[string]string{
		"passwordpassword1":       "password",
		"Summer2026!Summer2026!":  "summer",
		"letmeinletmein1A!":       "letmein",
		"trustno1trustno1":        "trustno1",
		"trustno12026!":           "trustno1",
		"t1llk3y-t1llk3y":         "t1llk3y",
		"l.e.t.m.e.i.n":           "letmein",
		"2026tillkey":             "tillkey",
		"!!!tillkey!!!":           "tillkey",
		"password1password2":      "password",
		"drowssappassword":        "drowssap",
		"Thomas240587":            "thomas",
		"парольпароль":            "пароль",
		"t1llk3y2026tillkey":      "tillkey",
		"pa$$w0rd12password":      "password",
		"tillkey-tillkey":         "tillkey",
		"zebra river zebra river": "zebra river",
		"ttiillllkkeeyy":          "tillkey",
		"tillkeyyekllit":          "tillkey",
		"tillkeyqwerty":           "tillkey",
		"qwertytillkey":           "tillkey",
		"tillkeyxxxxxxxx":         "tillkey",
		"trustno1123456789":       "trustno1",
	} {
		cores := fold.Cores(password, 4.5)
		if !slices.ContainsFunc(cores, func(c fold.Core) bool { return string(c.Text) == core }) {
			t.Errorf("Cores(%q) lacks %q", password, core)
		}
	}
}

func TestCoresKeepWhatIsHardToGuess(t *testing.T) {
	for password, core := range map[string]string{
		"monkey84719305": "monkey", // eight random digits are worth more than the budget
		"#7$2&love":      "love",
	} {
		cores := fold.Cores(password, 4.5)
		if slices.ContainsFunc(cores, func(c fold.Core) bool { return string(c.Text) == core }) {
			t.Errorf("Cores(%q) holds %q: the decoration is too good to strip", password, core)
		}
	}
}

func TestPatterned(t *testing.T) {
	for _, s := range []string{
		"aaaa", "abababababababab", "123123123", "abcdefgh", "hgfedcba", "qwertyuiop", "poiuytrewq",
		"1qaz2wsx3edc4rfv", "!qaz@wsx", "qwertz123456", "90123456", "24121987", "19871224", "240587",
		"ицукенгшщ", "абвгдежз", "abcd1234", "               ", "!@#$%^&*",
	} {
		if !fold.Patterned([]rune(s)) {
			t.Errorf("%q: no pattern found", s)
		}
	}
	for _, s := range []string{
		"", "abc", "summer", "correct horse battery", "739184620173645", "kxqpwmzvtrhdlcb", "99999876a5s1k2",
		"13131987x", "32131987",
	} {
		if fold.Patterned([]rune(s)) {
			t.Errorf("%q: taken for a pattern", s)
		}
	}
}

func TestPeriod(t *testing.T) {
	for in, want := range map[string]int{"": 0, "a": 0, "aa": 1, "abab": 2, "ababa": 2, "abcab": 0, "abcabc": 3, "abcd": 0} {
		if got := fold.Period([]rune(in)); got != want {
			t.Errorf("Period(%q) = %d, want %d", in, got, want)
		}
	}
}

// slowDistance is the textbook form, to judge the banded one by.
func slowDistance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0:
				d[i][j] = j
			case j == 0:
				d[i][j] = i
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
		}
	}
	return d[len(a)][len(b)]
}

func FuzzDistance(f *testing.F) {
	f.Add("kitten", "sitting", 3)
	f.Add("", "abc", 1)
	f.Add("abcdef", "bcdefa", 2)
	f.Fuzz(func(t *testing.T, a, b string, limit int) {
		if len(a) > 64 || len(b) > 64 || limit < 0 || limit > 64 {
			t.Skip()
		}
		x, y := []rune(a), []rune(b)
		want := min(slowDistance(x, y), limit+1)
		if got := fold.Distance(x, y, limit); got != want {
			t.Fatalf("Distance(%q, %q, %d) = %d, want %d", a, b, limit, got, want)
		}
		if back := fold.Distance(y, x, limit); back != want {
			t.Fatalf("Distance(%q, %q, %d) = %d, but %d the other way", b, a, limit, back, want)
		}
		if utf8.ValidString(a) && utf8.ValidString(b) && fold.OneEdit(a, b) != (slowDistance(x, y) <= 1) {
			t.Fatalf("OneEdit(%q, %q) is not what the distance %d says", a, b, slowDistance(x, y))
		}
	})
}

func FuzzCores(f *testing.F) {
	f.Add("Summer2026!Summer2026!")
	f.Add("\xff\xfe")
	f.Add("\ufdfa\u0301")
	f.Fuzz(func(t *testing.T, password string) {
		cores := fold.Cores(password, 4.5)
		if len(cores) < 1 || len(cores) > 32 {
			t.Fatalf("%d cores", len(cores))
		}
		for i, c := range cores {
			if len(c.Text) > fold.MaxRunes || i > 0 && len(c.Text) < fold.MinCore || c.Cost > 4.5 {
				t.Fatalf("core %d: %d code points, cost %v", i, len(c.Text), c.Cost)
			}
			if !utf8.ValidString(fold.Skeleton(c.Text)) {
				t.Fatalf("core %d: skeleton is not text", i)
			}
			fold.Patterned(c.Text)
		}
	})
}

func TestSpellOut(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Tillkey": "Tillkey", "Müller": "Mueller", "Mu\u0308ller": "Mueller", "ÅSE Ødegård": "AaSE Oedegaard",
		"пароль": "пароль",
	} {
		if got := fold.SpellOut(in); got != want {
			t.Errorf("SpellOut(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReverse(t *testing.T) {
	for in, want := range map[string]string{"": "", "abc": "cba", "пар": "рап", "a\xffb": "b\xffa"} {
		if got := fold.Reverse(in); got != want || fold.Reverse(got) != in {
			t.Errorf("Reverse(%q) = %q, want %q", in, got, want)
		}
	}
}
