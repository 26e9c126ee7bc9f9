package shopspec

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// path is a way through a JSON value: "a.b[*].c", "list[key=value].id",
// "state=due".
type path struct {
	steps []step
	// value is what the end must be; "" means anything.
	value string
}

// step goes from a value to some of those inside.
type step struct {
	name string // of a member; "" for a list
	each bool
	// key and value choose the members of a list whose key has the value.
	key, value string
}

var pathStep = regexp.MustCompile(`^(?:\.?([A-Za-z0-9_-]+)|\[\*\]|\[([A-Za-z0-9_-]+)=([^\]]*)\])`)

// readPath reads a path. Values of fields may stand in it as {field}.
func readPath(text string) (p path, err error) {
	rest := text
	for rest != "" && rest[0] != '=' {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil {
			return p, fmt.Errorf("%q is no path: do not know what %q means", clip(text, 80), clip(rest, 40))
		}
		p.steps = append(p.steps, step{name: m[1], each: m[0] == "[*]", key: m[2], value: m[3]})
		rest = rest[len(m[0]):]
	}
	p.value = strings.TrimPrefix(rest, "=")
	return p, nil
}

// find returns the texts of what the path leads to, with the values of fields
// in their places.
func (p path) find(body []byte, fields Fields) []string {
	var root any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if d.Decode(&root) != nil {
		return nil
	}
	at := []any{root}
	for _, s := range p.steps {
		var inside []any
		for _, v := range at {
			inside = append(inside, s.from(v, fields)...)
		}
		at = inside
	}
	var texts []string
	for _, v := range at {
		text, ok := textOf(v)
		if ok && (p.value == "" || text == insert(p.value, fields)) {
			texts = append(texts, text)
		}
	}
	return texts
}

func (s step) from(v any, fields Fields) (inside []any) {
	switch v := v.(type) {
	case map[string]any:
		if member, ok := v[s.name]; ok && s.name != "" {
			inside = append(inside, member)
		}
	case []any:
		for _, one := range v {
			if s.each {
				inside = append(inside, one)
				continue
			}
			if member, ok := one.(map[string]any); ok && s.key != "" {
				if text, ok := textOf(member[s.key]); ok && text == insert(s.value, fields) {
					inside = append(inside, one)
				}
			}
		}
	}
	return inside
}

// textOf is the text of a value, that of an object or a list its JSON; null is
// none.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	text, err := json.Marshal(v)
	return string(text), err == nil
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// insert puts the values of fields into their places.
func insert(text string, fields Fields) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string { return fields[Field(p[1:len(p)-1])] })
}
