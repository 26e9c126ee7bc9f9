package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// spaces are what JSON allows between tokens (RFC 8259, 2).
const spaces = " \t\r\n"

// fileReader takes a policy file apart token by token, and knows where each
// one started.
type fileReader struct {
	sources Sources
	data    []byte
	tokens  *json.Decoder
	at      int      // where the token that was read last starts
	path    []string // of the value that is being read
}

func newFileReader(data []byte, sources Sources) *fileReader {
	f := &fileReader{sources: sources, data: data, tokens: json.NewDecoder(bytes.NewReader(data))}
	f.tokens.UseNumber()
	return f
}

// read reads the whole file.
func (f *fileReader) read() (Groups, error) {
	if f.at = validUTF8(f.data); f.at < len(f.data) {
		return nil, f.wrong("not UTF-8")
	}
	groups := Groups{}
	places := map[string]int{} // where each group starts
	version, listed := 0, false
	err := f.object(plainly, func(field string) error {
		switch field {
		case "$schema":
			_, err := f.text()
			return err
		case "version":
			var err error
			version, err = f.whole(fileVersion, fileVersion)
			return err
		case "base":
			places[""] = f.next()
			p, err := f.policy()
			groups[""] = p
			return err
		case "groups":
			listed = true
			return f.groups(groups, places)
		}
		return f.wrong("unknown field, want version, base or groups")
	})
	if err != nil {
		return nil, err
	}
	rest := bytes.TrimLeft(f.data[f.tokens.InputOffset():], spaces)
	f.at = len(f.data) - len(rest)
	switch {
	case len(rest) > 0:
		return nil, f.wrong("text after the end of the policy file")
	case version == 0:
		return nil, &FileError{Problem: "no version, want 1"}
	case !listed:
		return nil, &FileError{Problem: "no groups"}
	}
	if err := f.inherited(groups, places); err != nil {
		return nil, err
	}
	return groups, nil
}

// groups reads the groups into the given map, and their places.
func (f *fileReader) groups(groups Groups, places map[string]int) error {
	left := maxGroups
	return f.object(bracketed, func(group string) error {
		if !IsPath(group) {
			return f.wrong("not a path of 1 to %d bytes", MaxGroupBytes)
		}
		if left--; left < 0 {
			return f.wrong("more than %d groups", maxGroups)
		}
		places[group] = f.at
		p, err := f.policy()
		groups[group] = p
		return err
	})
}

// inherited reports the first group, by where it is in the file, that
// contradicts one of its parents.
func (f *fileReader) inherited(groups Groups, places map[string]int) error {
	var first error
	f.at = len(f.data)
	for group, err := range groups.mistakes() {
		if places[group] < f.at {
			f.at, first = places[group], err
			f.path = []string{"groups", bracketed(group)}
		}
	}
	if first == nil {
		return nil
	}
	return f.wrong("%s", inFile(first))
}

// object reads an object. value is called after each name and has to read what
// belongs to it. The path ends with the name as shown.
func (f *fileReader) object(shown func(name string) string, value func(name string) error) error {
	if err := f.open('{', "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	f.path = append(f.path, "")
	defer func() { f.path = f.path[:len(f.path)-1] }()
	for f.tokens.More() {
		f.path[len(f.path)-1] = ""
		name, err := f.text()
		if err != nil {
			return err
		}
		f.path[len(f.path)-1] = shown(name)
		if seen[name] {
			return f.wrong("there twice")
		}
		seen[name] = true
		if err := value(name); err != nil {
			return err
		}
	}
	f.path[len(f.path)-1] = ""
	_, err := f.token()
	return err
}

// array reads an array. value is called for each of at most limit elements.
func (f *fileReader) array(limit int, value func() error) error {
	if err := f.open('[', "an array"); err != nil {
		return err
	}
	f.path = append(f.path, "")
	defer func() { f.path = f.path[:len(f.path)-1] }()
	for i := 0; f.tokens.More(); i++ {
		f.path[len(f.path)-1] = "[" + strconv.Itoa(i) + "]"
		if i == limit {
			f.at = f.next()
			return f.wrong("more than %d", limit)
		}
		if err := value(); err != nil {
			return err
		}
	}
	_, err := f.token()
	return err
}

func (f *fileReader) open(delim json.Delim, what string) error {
	token, err := f.token()
	if err != nil {
		return err
	}
	if token != delim {
		return f.wrong("want %s", what)
	}
	return nil
}

// text reads a string.
func (f *fileReader) text() (string, error) {
	token, err := f.token()
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", f.wrong("want a string")
	}
	if !paired(f.data[f.at:f.tokens.InputOffset()]) {
		return "", f.wrong("half a surrogate pair")
	}
	return s, nil
}

// yes reads a boolean.
func (f *fileReader) yes() (bool, error) {
	token, err := f.token()
	if err != nil {
		return false, err
	}
	yes, ok := token.(bool)
	if !ok {
		return false, f.wrong("want true or false")
	}
	return yes, nil
}

// whole reads a whole number.
func (f *fileReader) whole(least, most int) (int, error) {
	token, err := f.token()
	if err != nil {
		return 0, err
	}
	number, _ := token.(json.Number)
	n, err := strconv.Atoi(string(number))
	switch {
	case err == nil && least <= n && n <= most && number[0] != '-':
		return n, nil
	case least == most:
		return 0, f.wrong("want %d", least)
	}
	return 0, f.wrong("want a whole number from %d to %d", least, most)
}

// number reads a number.
func (f *fileReader) number(least, most float64) (float64, error) {
	token, err := f.token()
	if err != nil {
		return 0, err
	}
	number, _ := token.(json.Number)
	n, err := strconv.ParseFloat(string(number), 64)
	if err != nil || n < least || n > most {
		return 0, f.wrong("want a number from %v to %v", least, most)
	}
	return n, nil
}

// token reads the next token.
func (f *fileReader) token() (json.Token, error) {
	f.at = f.next()
	token, err := f.tokens.Token()
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		f.at = len(f.data)
		return nil, f.wrong("the file ends too early")
	case err != nil:
		return nil, f.wrong("no JSON: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return token, nil
}

// next returns where the next token starts.
func (f *fileReader) next() int {
	rest := f.data[f.tokens.InputOffset():]
	return len(f.data) - len(bytes.TrimLeft(rest, spaces+",:"))
}

// wrong returns the error for the token that was read last.
func (f *fileReader) wrong(format string, args ...any) error {
	before := f.data[:f.at]
	line := bytes.LastIndexByte(before, '\n') + 1
	return &FileError{
		Line:    bytes.Count(before, []byte{'\n'}) + 1,
		Column:  utf8.RuneCount(before[line:]) + 1,
		Field:   f.field(),
		Problem: fmt.Sprintf(format, args...),
	}
}

// field returns the path as it is written in errors.
func (f *fileReader) field() string {
	var b strings.Builder
	for _, part := range f.path {
		if b.Len() > 0 && part != "" && part[0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}

// plainly returns the name of a field as it stands in an error.
func plainly(name string) string {
	if isSourceName(name) {
		return name
	}
	return quoted(name)
}

// bracketed returns the name of a group as it stands in an error.
func bracketed(group string) string { return "[" + quoted(group) + "]" }

// quoted returns text of any length so that it fits an error.
func quoted(text string) string { return fmt.Sprintf("%.*q", MaxGroupBytes, text) }

// validUTF8 returns how many bytes at the start of data are UTF-8.
func validUTF8(data []byte) int {
	n := 0
	for n < len(data) {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// paired reports whether the \u escapes of a JSON string make code points.
func paired(raw []byte) bool {
	high := false
	for i := 0; i < len(raw); i++ {
		unit := int64(0)
		if raw[i] == '\\' {
			if i++; i+4 < len(raw) && raw[i] == 'u' {
				unit, _ = strconv.ParseInt(string(raw[i+1:i+5]), 16, 32)
				i += 4
			}
		}
		if low := unit&^0x3ff == 0xdc00; low != high {
			return false
		}
		high = unit&^0x3ff == 0xd800
	}
	return !high
}
