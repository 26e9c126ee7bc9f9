package shopspec

import (
	"fmt"
	"html"
	"regexp"
	"slices"
)

// match finds something in the body of an answer.
type match interface {
	find(body []byte, fields Fields) []string
}

// pattern is a match of HTML. The values of fields are put in before it is
// compiled, escaped as a page escapes them.
type pattern string

// readPattern checks an expression. One that holds a field is checked with a
// text in its place.
func readPattern(text string) (pattern, error) {
	e, err := regexp.Compile(placeholder.ReplaceAllString(text, "x"))
	if err != nil {
		return "", err
	}
	if e.NumSubexp() > 1 {
		return "", fmt.Errorf("%q has %d groups, not one", clip(text, 80), e.NumSubexp())
	}
	return pattern(text), nil
}

func (p pattern) find(body []byte, fields Fields) (texts []string) {
	e, err := regexp.Compile(placeholder.ReplaceAllStringFunc(string(p), func(name string) string {
		return regexp.QuoteMeta(html.EscapeString(fields[Field(name[1:len(name)-1])]))
	}))
	if err != nil {
		return nil // it was compiled before, with another text in the places
	}
	for _, m := range e.FindAllSubmatch(body, maxFound) {
		texts = append(texts, html.UnescapeString(string(m[len(m)-1])))
	}
	return texts
}

// maxFound bounds how often a match is looked for in one answer.
const maxFound = 200

// hidden are the hidden fields of the forms of a page.
func hidden(body []byte) map[string]string {
	fields := map[string]string{}
	for _, tag := range inputTag.FindAll(body, maxFound) {
		attributes := map[string]string{}
		for _, m := range attribute.FindAllSubmatch(tag, maxFound) {
			attributes[string(m[1])] = html.UnescapeString(string(m[2]) + string(m[3]))
		}
		if attributes["type"] == "hidden" && attributes["name"] != "" {
			fields[attributes["name"]] = attributes["value"]
		}
	}
	return fields
}

var (
	inputTag  = regexp.MustCompile(`(?i)<input\b[^>]*>`)
	attribute = regexp.MustCompile(`([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

// known checks that a name is one of those that there are.
func known[T ~string](what string, name T, all []T) error {
	if !slices.Contains(all, name) {
		return fmt.Errorf("there is no %s %q", what, name)
	}
	return nil
}
