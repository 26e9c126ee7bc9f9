package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tillkey/tillkey/hash"
)

// maxCase is the longest line of verify --batch in bytes: a password and a hash
// of the longest kind, with every byte of them escaped.
const maxCase = 64 << 10

// verifyCase is one line of verify --batch. Pointers tell what was left out.
type verifyCase struct {
	Scheme   string          `json:"scheme"`
	Format   string          `json:"format"`
	Password *string         `json:"password"`
	Stored   *string         `json:"stored"`
	Salt     json.RawMessage `json:"salt"`
	SiteKey  json.RawMessage `json:"site_key"`
	Params   json.RawMessage `json:"params"`
}

type verifyResult struct {
	Line  int    `json:"line"`
	Match *bool  `json:"match,omitempty"`
	Error string `json:"error,omitempty"`
}

// verifyLine answers one line. No error repeats anything of it.
func verifyLine(ctx context.Context, hasher *hash.Hasher, number int, line string) answer {
	result, code := verifyResult{Line: number}, exitFine
	switch err := verifyText(ctx, hasher, line); {
	case ctx.Err() != nil:
		return answer{err: ctx.Err()}
	case err == nil, errors.Is(err, hash.ErrMismatch):
		match := err == nil
		result.Match = &match
		if !match {
			code = exitWeak
		}
	default:
		result.Error, code = plain(err), exitFailed
	}
	return answer{text: jsonLine(result), code: code}
}

// verifyText returns nil for a match, hash.ErrMismatch, or what is wrong.
func verifyText(ctx context.Context, hasher *hash.Hasher, line string) error {
	if len(line) > maxCase {
		return fmt.Errorf("the line has more than %d bytes", maxCase)
	}
	if !utf8.ValidString(line) {
		return errors.New("the line is not valid UTF-8")
	}
	var c verifyCase
	if json.Unmarshal([]byte(line), &c) != nil { // its errors quote the input
		return errors.New("the line is not a JSON object with text in its fields")
	}
	switch {
	case c.Stored == nil:
		return errors.New(`"stored" is missing`)
	case c.Password == nil:
		return errors.New(`"password" is missing`)
	}
	if err := c.checkScheme(); err != nil {
		return err
	}
	return hasher.Verify(ctx, *c.Stored, *c.Password)
}

// checkScheme returns nil if the named scheme is one of those that package hash
// reads, the stored string may be of that scheme, and it needs nothing more.
func (c verifyCase) checkScheme() error {
	name := c.Scheme
	if name == "" {
		name = c.Format
	}
	var prefixes []string
	switch strings.ToLower(name) {
	case "":
		prefixes = []string{"$"}
	case "argon2":
		prefixes = []string{"$argon2"}
	case "argon2id":
		prefixes = []string{"$argon2id$"}
	case "argon2i":
		prefixes = []string{"$argon2i$"}
	case "bcrypt":
		prefixes = []string{"$2a$", "$2b$", "$2y$"}
	default:
		return errors.New("the scheme is not known")
	}
	for _, extra := range []struct {
		field string
		value json.RawMessage
	}{{"salt", c.Salt}, {"site_key", c.SiteKey}, {"params", c.Params}} {
		switch string(extra.value) {
		case "", "null", `""`, "{}":
		default:
			return fmt.Errorf("the scheme has no %q: its stored string says everything", extra.field)
		}
	}
	for _, prefix := range prefixes {
		if strings.HasPrefix(*c.Stored, prefix) {
			return nil
		}
	}
	return errors.New("the stored string is not of its scheme")
}
