package kettle

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/number"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/text"
)

// catalogs are the texts of the shop, a file for each language. The key of a
// text is its English wording, so English needs those only that have a plural.
//
//go:embed texts
var catalogs embed.FS

// tongue is a language that the shop speaks.
type tongue struct {
	// index is its place in tongues.
	index   int
	tag     language.Tag
	printer *message.Printer
	// policy tells what is wrong with a password.
	policy text.Texts
}

// tongues are all languages of the shop, English first: it is for whom none of
// them serves.
type tongues struct {
	list    []tongue
	matcher language.Matcher
}

// readTongues reads the catalogs.
func readTongues() (all tongues, err error) {
	tags := []language.Tag{language.English, language.German}
	all.matcher = language.NewMatcher(tags)
	for i, tag := range tags {
		file, err := catalogs.ReadFile("texts/" + tag.String() + ".json")
		if err != nil {
			return all, err
		}
		builder := catalog.NewBuilder(catalog.Fallback(tag))
		if err := fill(builder, tag, file); err != nil {
			return all, fmt.Errorf("texts in %s: %w", tag, err)
		}
		all.list = append(all.list, tongue{i, tag, message.NewPrinter(tag, message.Catalog(builder)), text.For(tag)})
	}
	return all, nil
}

// entry is a text of a catalog: one wording, or one for each form of the number
// that comes first in it.
type entry struct{ one, other string }

// UnmarshalJSON reads "wording" or {"one": "wording", "other": "wording"}.
func (e *entry) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &e.other)
	}
	var forms struct{ One, Other string }
	err := json.Unmarshal(b, &forms)
	e.one, e.other = forms.One, forms.Other
	return err
}

// fill puts the texts of a file into a catalog.
func fill(builder *catalog.Builder, tag language.Tag, file []byte) error {
	var entries map[string]entry
	if err := json.Unmarshal(file, &entries); err != nil {
		return err
	}
	for key, e := range entries {
		var message catalog.Message = catalog.String(e.other)
		if e.one != "" {
			message = plural.Selectf(1, "%d", plural.One, e.one, plural.Other, e.other)
		}
		if err := builder.Set(tag, key, message); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	return nil
}

// of is the language for a visitor, by the header Accept-Language.
func (all tongues) of(r *http.Request) tongue {
	wanted := text.Accepted(strings.Join(r.Header.Values("Accept-Language"), ","))
	_, i, _ := all.matcher.Match(wanted...)
	return all.list[i]
}

// named is a language by its tag, English if it is none of them.
func (all tongues) named(tag string) tongue {
	i := slices.IndexFunc(all.list, func(t tongue) bool { return t.tag.String() == tag })
	return all.list[max(i, 0)]
}

// say returns a text of the shop by its English wording, with what belongs where
// fmt has a verb.
func (t tongue) say(wording string, args ...any) string { return t.printer.Sprintf(wording, args...) }

// markup is a text with tags in it, which are the shop's own: what is put in is
// escaped.
func (t tongue) markup(wording string, args ...any) template.HTML {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = template.HTMLEscapeString(s)
		}
	}
	return template.HTML(t.say(wording, args...))
}

// problems are the texts of a refused password, all at once.
func (t tongue) problems(list []policy.Problem) []string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = t.policy.Problem(p)
	}
	return texts
}

// The layouts of a date are texts like others.

func (t tongue) date(at time.Time) string {
	if at.IsZero() {
		return t.say("not known")
	}
	return at.Format(t.say("2 Jan 2006"))
}

func (t tongue) moment(at time.Time) string {
	return at.UTC().Format(t.say("2 Jan 2006, 15:04:05 UTC"))
}

// wait tells a visitor how long.
func (t tongue) wait(d time.Duration) string {
	if d <= 90*time.Second {
		return t.say("%d s", int(math.Ceil(d.Seconds())))
	}
	return t.say("%d min", int(math.Ceil(d.Minutes())))
}

func (t tongue) number(n int) string { return t.printer.Sprint(n) }

func (t tongue) price(c cents) string {
	return t.say("€ %s", t.printer.Sprint(number.Decimal(float64(c)/100, number.Scale(2))))
}
