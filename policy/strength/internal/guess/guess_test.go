package guess_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// none are tables that know no text and charge every sign the same, so that
// only the patterns are seen.
func none(t *testing.T) tables.Tables {
	t.Helper()
	c := tables.Contents{Curve: []tables.Knot{{}, {Score: 1000, Guesses: 1000}}}
	all, err := tables.Open(string(c.Encode()))
	require.NoError(t, err)
	return all
}

// known are tables that know a few texts.
func known(t *testing.T) tables.Tables {
	t.Helper()
	c := tables.Contents{Curve: []tables.Knot{{}, {Score: 1000, Guesses: 1000}}}
	for text, kind := range map[string]tables.Kind{"dragon": tables.Password, "harbor": tables.Word, "wendeline": tables.Name, "zebrington": tables.Place, "ghbdtn": tables.Password} {
		c.AddText([]rune(text), kind, 80)
	}
	all, err := tables.Open(string(c.Encode()))
	require.NoError(t, err)
	return all
}

func parts(all tables.Tables, q guess.Question) string {
	names := map[guess.Kind]string{guess.Common: "common", guess.Word: "word", guess.Name: "name", guess.Place: "place",
		guess.Context: "context", guess.Old: "old", guess.Repeat: "repeat", guess.Sequence: "sequence", guess.Walk: "walk",
		guess.Date: "date", guess.Turned: "turned", guess.Year: "year", guess.Reversed: "reversed", guess.Leet: "leet"}
	var out []string
	for _, p := range guess.Explain(all, q).Parts {
		out = append(out, fmt.Sprintf("%s:%s", names[p.Kind], q.Password[p.From:p.To]))
	}
	return strings.Join(out, " ")
}

func TestPatterns(t *testing.T) {
	all := none(t)
	for password, want := range map[string]string{
		"":             "",
		"kxq":          "",
		"kxvqkxvq":     "repeat:kxvq",
		"kxvqkxvqkxvq": "repeat:kxvqkxvq",
		"kxvqkxvqkx":   "repeat:kxvqkx",
		"kkkkk":        "repeat:kkkk",
		"kxvz!#kxv":    "repeat:kxv",
		"kxvqqvxk":     "repeat:qvxk",
		"kxvqvxk":      "repeat:vxk",
		"abcdef":       "sequence:abcdef",
		"zyxwv":        "sequence:zyxwv",
		"k24680":       "sequence:2468",
		"qwertyuiop":   "walk:qwertyuiop",
		"qwertzuiop":   "walk:qwertzuiop",
		"azertyuiop":   "walk:azertyuiop",
		"1qaz2wsx":     "walk:1qaz walk:2wsx",
		"!@#$%^":       "walk:!@#$%^",
		"147258":       "walk:147 walk:258",
		"йцукен":       "walk:йцукен",
		"01.02.1985":   "date:01.02.1985",
		"1.2.85":       "date:1.2.85",
		"1985-02-01":   "date:1985-02-01",
		"31121985":     "date:31121985",
		"10291985":     "date:10291985",
		"19851231":     "date:19851231",
		"k1985":        "year:1985",
		"kx1617vq":     "",
		"6tfc":         "walk:6tfc",
		"k1899":        "",
		"32.13.1985":   "sequence:32.1 year:1985",
		"29.02-1985":   "date:29.02 year:1985",
		"ｋ１９８５":        "year:１９８５",
	} {
		require.Equal(t, want, parts(all, guess.Question{Password: password}), "%q", password)
	}
}

func TestListed(t *testing.T) {
	all := known(t)
	for password, want := range map[string]string{
		"dragon":        "common:dragon",
		"DRAGON":        "common:DRAGON",
		"xqdragonxq":    "common:dragon",
		"harbor":        "word:harbor",
		"wendeline":     "name:wendeline",
		"zebrington":    "place:zebrington",
		"nogard":        "reversed:nogard",
		"dr4g0n":        "leet:dr4g0n",
		"wende1ine":     "leet:wende1ine",
		"wendel1ne":     "leet:wendel1ne",
		"привет":        "common:привет",
		"dràgön":        "common:dràgön",
		"dragonharbor":  "common:dragon word:harbor",
		"dragon1985!":   "common:dragon year:1985",
		"dragondragon":  "common:dragon repeat:dragon",
		"dragonnogard":  "common:dragon repeat:nogard",
		"drag":          "",
		"dra-gon":       "",
		"4r4g0n":        "",
		"wendeline1985": "name:wendeline year:1985",
	} {
		require.Equal(t, want, parts(all, guess.Question{Password: password}), "%q", password)
	}
}

func TestAbout(t *testing.T) {
	all := none(t)
	for _, c := range []struct{ about, password, want string }{
		{"Quillfeather", "quillfeather", "context:quillfeather"},
		{"Quillfeather", "xkquillfeatherq", "context:quillfeather"},
		{"Quillfeather", "QUILLFEATHER", "context:QUILLFEATHER"},
		{"Quillfeather", "qu1llf34th3r", "context:qu1llf34th3r"},
		{"Quillfeather", "rehtaefllihq", ""},
		{"Quillfeather", "rehtaeflliuq", "context:rehtaeflliuq"},
		{"Quillfeather", "q.u.i.l.l.f.e.a.t.h.e.r", "context:q.u.i.l.l.f.e.a.t.h.e.r"},
		{"Quillfeather", "quilfeather", "context:quilfeather"},
		{"Quillfeather", "quiillfeather", "context:quiillfeather"},
		{"Quillfeather", "quilkfeather", "context:quilkfeather"},
		{"Quillfeather", "quilkfeatner", ""},
		{"Wendeline Quillfeather", "wendelinequillfeather", "context:wendelinequillfeather"},
		{"Wendeline Quillfeather", "quillfeather", "context:quillfeather"},
		{"wq@kestrelmail.example", "kestrelmail", "context:kestrelmail"},
		{"wq@kestrelmail.example", "example", ""},
		{"wq@kestrelmail.example", "wq@kestrelmail.example", "context:wq@kestrelmail.example"},
		{"Müller", "muller", "context:muller"},
		{"ab", "ab", "context:ab"},
		{"ab", "abxqvkz", ""},
		{"a", "a", ""},
	} {
		require.Equal(t, c.want, parts(all, guess.Question{Password: c.password, About: []string{c.about}}), "%q about %q", c.password, c.about)
	}
}

func TestOldPassword(t *testing.T) {
	all := none(t)
	for _, c := range []struct{ old, password, want string }{
		{"vkqz81mpwx", "vkqz81mpwx", "old:vkqz81mpwx"},
		{"vkqz81mpwx", "mpwxvkqz", "old:mpwx old:vkqz"},
		{"vkqz-81", "vkqz-82", "old:vkqz-82"},
		{"vkqz-99", "vkqz-100", "old:vkqz- turned:100"},
		{"vkqz-Herbst", "vkqz-Winter", "old:vkqz- turned:Winter"},
		{"vkqz-märz", "vkqz-april", "old:vkqz- turned:april"},
		{"vkqz-81", "april", ""},
	} {
		require.Equal(t, c.want, parts(all, guess.Question{Password: c.password, Old: c.old}), "%q after %q", c.password, c.old)
	}
}

// TestNear: what is few changes away from the old password is rated by how
// many they are.
func TestNear(t *testing.T) {
	all := none(t)
	const old = "vkqz81mpwxjh"
	rate := func(p string) int { return guess.Rate(all, guess.Question{Password: p, Old: old}) }
	last := -1
	for _, password := range []string{old, "vkqz91mpwxjh", "kqz91mpwxjh", "kqz91mpxwjh"} {
		next := rate(password)
		require.Greater(t, next, last, password)
		require.Less(t, next, 8000, password)
		last = next
	}
	for _, password := range []string{"VKQZ81mpwXJH", "vkqzbimpwxjh"} {
		require.LessOrEqual(t, rate(password), rate(old)+600, password)
	}
	require.Greater(t, rate("kzq91xpm#jhwz"), 8000)
}

// TestJoined: one kind of separators is cheaper than its signs one by one.
func TestJoined(t *testing.T) {
	all := known(t)
	rate := func(p string) int { return guess.Rate(all, guess.Question{Password: p}) }
	require.Less(t, rate("d-r-a-g-o-n"), rate("d-r-k-g-o-n"))
	require.Less(t, rate("d-r-a-g-o-n"), rate("d-r_a-g-o-n")-1000)
	require.Less(t, rate("dragon"), rate("d-r-a-g-o-n"))
}

// TestBeyondTheWindow: a repetition is free there too, other signs are not.
func TestBeyondTheWindow(t *testing.T) {
	all := known(t)
	rate := func(p string) int { return guess.Rate(all, guess.Question{Password: p}) }
	require.Equal(t, rate(strings.Repeat("dragon", 30)), rate(strings.Repeat("dragon", 300)))
	var long strings.Builder
	for x := uint32(7); long.Len() < 400; x = x*1664525 + 1013904223 {
		fmt.Fprintf(&long, "%c", '!'+x>>16%94)
	}
	require.Greater(t, rate(long.String()[:300]), rate(long.String()[:200])+50000)
}

func TestFold(t *testing.T) {
	for given, want := range map[string]string{
		"ABC": "abc", "ÄÖÜß": "aous", "éÈñÇ": "eenc", "łŁżŹ": "llzz", "ŽščŘ": "zscr", "ＡＢ１": "ab1", "привет": "ghbdtn", "ПРИВЕТ": "ghbdtn",
		"ёЁ": "``", "αΩω": "avv", "Άά Έέ Ήή Ίί Όό Ύύ Ώώ": "aa ee hh ii oo yy vv", "ΐΪϊΰΫϋ": "iiiyyy", "ΣΑΣ σας": "sas sas", "カヴァひ": "かゔぁひ", "ά": "a", "日本": "日本", "×÷": "×÷",
	} {
		require.Equal(t, want, string(guess.Fold(given)), given)
	}
}
