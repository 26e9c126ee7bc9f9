package clause

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	textWidth = 96 // columns of Text
	indent    = "    "
)

// label is how a status reads.
func (s Status) label() string {
	if s == NotApplicable {
		return "not applicable"
	}
	return string(s)
}

// Summary sums a section up: "12 met, 1 deviating, 9 for the shop, 2 not
// applicable".
func (s Section) Summary() string {
	return fmt.Sprintf("%d met, %d deviating, %d for the shop, %d not applicable",
		s.Count(Met), s.Count(Deviates), s.Count(Shop), s.Count(NotApplicable))
}

// Text returns the report for a terminal, in lines of 96 columns at most unless
// a name is longer.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", line(r.Name))
	wrap(&b, r.About, "")
	for _, section := range r.Sections {
		fmt.Fprintf(&b, "\n%s: %s\n", section.Standard, section.Summary())
		for _, f := range section.Findings {
			fmt.Fprintf(&b, "\n%-14s  %s (%s)\n", f.Status.label(), f.Clause, f.Level)
			wrap(&b, f.Asks, indent)
			wrap(&b, "-> "+f.Why, indent)
		}
	}
	return b.String()
}

// line returns a text on one line, with nothing in it that a terminal obeys: no
// control characters, none that turn the direction of writing.
func line(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text)), " ")
}

// wrap writes a text in lines, each with the indent before.
func wrap(b *strings.Builder, text, indent string) {
	column := 0
	for _, word := range strings.Fields(line(text)) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+n > textWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
}

// Markdown returns the report as a document with a table for each standard. No
// text of the subject can break the tables.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", cell(r.Name), cell(r.About))
	for _, section := range r.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n| clause | level | asks | status | why |\n| --- | --- | --- | --- | --- |\n",
			section.Standard, section.Summary())
		for _, f := range section.Findings {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", cell(f.Clause), cell(f.Level), cell(f.Asks), f.Status.label(), cell(f.Why))
		}
	}
	return b.String()
}

// cell returns a text as it may stand in a table: on one line, with nothing
// that Markdown takes for markup.
func cell(text string) string {
	var b strings.Builder
	for _, r := range line(text) {
		if strings.ContainsRune("\\`*_[]<>|#!~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
