package policy_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestReadSaysWhere is the table of what is refused, and of the place that the
// error names.
func TestReadSaysWhere(t *testing.T) {
	longest := strings.Repeat("\u00ad", 127)
	group := func(fields string) string { return "{\"version\": 1,\n\"groups\": {\n  \"a/b\": {" + fields + "}}}" }
	for text, want := range map[string]string{
		// The file as a whole.
		"":                                         "1:1: the file ends too early",
		" \n":                                      "2:1: the file ends too early",
		"[]":                                       "1:1: want an object",
		"{":                                        "1:2: the file ends too early",
		`{"groups":{}}`:                            "no version, want 1",
		`{"version":1}`:                            "no groups",
		`{"version":1,"groups":{}}{}`:              "1:26: text after the end of the policy file",
		`{"version":1,"groups":{}},`:               "1:26: text after the end of the policy file",
		`{"version":2,"groups":{}}`:                "1:12: version: want 1",
		`{"version":"1","groups":{}}`:              "1:12: version: want 1",
		`{"version":1.0,"groups":{}}`:              "1:12: version: want 1",
		`{"version":1,"groups":[]}`:                "1:23: groups: want an object",
		`{"version":1,"base":null,"groups":{}}`:    "1:21: base: want an object",
		`{"version":1,"Groups":{}}`:                "1:14: Groups: unknown field, want version, base or groups",
		`{"version":1,"version":1,"groups":{}}`:    "1:14: version: there twice",
		`{"version":1,"groups":{},"groups":{}}`:    "1:26: groups: there twice",
		`{"version":1,"groups":{"a":{},"a":{}}}`:   `1:31: groups["a"]: there twice`,
		`{"version":1,"groups":{"":{}}}`:           `1:24: groups[""]: not a path of 1 to 255 bytes`,
		`{"version":1,"groups":{"a//b":{}}}`:       `1:24: groups["a//b"]: not a path`,
		`{"version":1,"groups":{"a\u0000":{}}}`:    `1:24: groups["a\x00"]: not a path`,
		`{"version":1,"groups":{"a":{}},}`:         "1:32: no JSON",
		`{"version":1 "groups":{}}`:                "1:14: no JSON",
		`{"version":01,"groups":{}}`:               "1:12: version: want 1",
		`{'version':1}`:                            "1:2: no JSON",
		"{\"version\":1,\"groups\":{\"\xff\":{}}}": "1:25: not UTF-8",
		"{\"\ufffd\":1,\n\"\xff\":1}":              "2:2: not UTF-8",
		"\ufeff{\"version\":1,\"groups\":{}}":      "1:1: no JSON",
		`{"version":1,"groups":{"\ud83d":{}}}`:     "half a surrogate pair",
		`{"version":1,"groups":{"\ude00x":{}}}`:    "half a surrogate pair",
		`{"$schema":1,"version":1,"groups":{}}`:    `1:12: "$schema": want a string`,

		// Fields of a group.
		group(`"min_length": 1025`):                                          `3:25: groups["a/b"].min_length: want a whole number from 0 to 1024`,
		group(`"min_length": -1`):                                            `3:25: groups["a/b"].min_length: want a whole number`,
		group(`"min_length": -0`):                                            `3:25: groups["a/b"].min_length: want a whole number`,
		group(`"min_length": 1.5`):                                           `3:25: groups["a/b"].min_length: want a whole number`,
		group(`"min_length": 1e1`):                                           `3:25: groups["a/b"].min_length: want a whole number`,
		group(`"min_length": "8"`):                                           `3:25: groups["a/b"].min_length: want a whole number`,
		group(`"min_length": null`):                                          `3:25: groups["a/b"].min_length: want a whole number`,
		group("\n\t\"max_length\":\n 0"):                                     `5:2: groups["a/b"].max_length: want a whole number from 1 to 1024`,
		group(`"max_bytes": 4097`):                                           `3:24: groups["a/b"].max_bytes: want a whole number from 1 to 4096`,
		group(`"need_letter": 1`):                                            `groups["a/b"].need_letter: want true or false`,
		group(`"need_digit": "true"`):                                        `groups["a/b"].need_digit: want true or false`,
		group(`"contains": null`):                                            `groups["a/b"].contains: want true or false`,
		group(`"estimator": "zxcvbn"`):                                       `groups["a/b"].estimator: unknown estimator "zxcvbn"`,
		group(`"estimator": null`):                                           `groups["a/b"].estimator: want a string`,
		group(`"min_guesses_log10": 101`):                                    `groups["a/b"].min_guesses_log10: want a number from 0 to 100`,
		group(`"min_guesses_log10": 1e999`):                                  `groups["a/b"].min_guesses_log10: want a number`,
		group(`"min_guesses_log10": -1`):                                     `groups["a/b"].min_guesses_log10: want a number`,
		group(`"words": "Tillkey"`):                                          `groups["a/b"].words: want an array`,
		group(`"words": ["é", ["x"]]`):                                       `3:26: groups["a/b"].words[1]: want a string`,
		group(`"words": ["é", "` + strings.Repeat("x", 257) + `"]`):          `3:26: groups["a/b"].words[1]: want at most 256 bytes`,
		group(`"words": ["x"` + strings.Repeat(`,"x"`, 1000) + `]`):          `groups["a/b"].words[1000]: more than 1000`,
		group(`"lists": ["Common"]`):                                         `3:21: groups["a/b"].lists[0]: unknown list "Common"`,
		group(`"lists": ["leaked"]`):                                         `unknown list "leaked"`,
		group(`"breach": ["leaked", "x y"]`):                                 `3:32: groups["a/b"].breach[1]: unknown list "x y"`,
		group(`"breach": ["leaked"` + strings.Repeat(`,"leaked"`, 64) + `]`): `groups["a/b"].breach[64]: more than 64`,
		group(`"breach_threshold": 0`):                                       `groups["a/b"].breach_threshold: want a whole number from 1 to 2147483647`,
		group(`"unchecked": "Accept"`):                                       `groups["a/b"].unchecked: want accept or refuse`,
		group(`"preset": "shopcustomer"`):                                    `groups["a/b"].preset: unknown preset "shopcustomer", want one of NIST63B4, PCI401Staff`,
		group(`"name": ["x"]`):                                               `groups["a/b"].name: want a string`,
		group(`"MinLength": 8`):                                              `3:11: groups["a/b"].MinLength: unknown field`,
		group(`"min_length": 8, "min_length":8`):                             `3:28: groups["a/b"].min_length: there twice`,
		group(`"min_length": 8, "min\u005flength":8`):                        `3:28: groups["a/b"].min_length: there twice`,
		group(`"` + strings.Repeat("x", 999) + `": 8`):                       "xxx\": unknown field",

		// Fields and groups that contradict each other.
		group(`"min_length": 300`):                                        `3:10: groups["a/b"]: min_length 300 is above max_length 256`,
		group(`"max_length": 12, "preset": "NIST63B4"`):                   `3:10: groups["a/b"]: min_length 15 is above max_length 12`,
		group(`"max_length": 1, "need_letter": true, "need_digit": true`): `3:10: groups["a/b"]: need_letter and need_digit do not fit max_length 1`,
		`{"version":1,"groups":{"z":{"max_length":9},"a":{"min_length":9},"a/b":{"max_length":8},"a/b/c":{"max_length":4}}}`: `1:66: groups["a/b"]: min_length 9 of "" is above max_length 8 of ""`,
		`{"version":1,"groups":{"a":{"max_length":9,"name":"kids"}},"base":{"preset":"ASVS5","min_length":10}}`:              `1:24: groups["a"]: min_length 10 of "ASVS5" is above max_length 9 of "kids"`,
		// Names are told as they are, and an error is short whatever the file holds.
		`{"version":1,"base":{"name":"Lists of Words","min_length":10},"groups":{"MinLength":{"max_length":9,"name":"a \"MaxLength\""}}}`: `groups["MinLength"]: min_length 10 of "Lists of Words" is above max_length 9 of "a \"MaxLength\""`,
		`{"version":1,"base":{"name":"` + strings.Repeat("n", 900_000) + `","min_length":10},"groups":{"a":{"max_length":9}}}`:            "1:29: base.name: want at most 255 bytes without control characters",
		`{"version":1,"groups":{"a":{"name":"a\u001b[2J"}}}`:                                                                              `1:36: groups["a"].name: want at most 255 bytes without control`,
		`{"version":1,"base":{"name":"` + longest + `","min_length":10},"groups":{"a":{"max_length":9,"name":"` + longest + `"}}}`:        "min_length 10 of " + strconv.Quote(longest) + " is above",
	} {
		groups, err := read(text)
		require.ErrorIs(t, err, policy.ErrInvalid, text)
		require.ErrorContains(t, err, want, text)
		require.Nil(t, groups, text)
		e, ok := errors.AsType[*policy.FileError](err)
		require.True(t, ok)
		require.Less(t, len(e.Error()), 1700, "an error is short whatever the file holds")
	}
}

// TestReadRefusesEveryPart: a file that was cut short anywhere is refused, with
// a place in what is left.
func TestReadRefusesEveryPart(t *testing.T) {
	files, err := filepath.Glob("testdata/files/*.json")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		text = bytes.TrimRight(text, "\n")
		for n := range len(text) {
			_, err := read(string(text[:n]))
			e, ok := errors.AsType[*policy.FileError](err)
			require.True(t, ok, "%s", text[:n])
			lines := strings.Split(string(text[:n]), "\n")
			require.Positive(t, e.Line, "%s", text[:n])
			require.LessOrEqual(t, e.Line, len(lines))
			require.LessOrEqual(t, e.Column, len(lines[e.Line-1])+1)
		}
	}
}

// TestFileErrorNamesTheFile as editors and terminals know it.
func TestFileErrorNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.json")
	require.NoError(t, os.WriteFile(path, []byte("{\"version\": 1,\r\n \"größe\": 2}"), 0o600))
	_, err := policy.ReadFile(path, sources())
	e, ok := errors.AsType[*policy.FileError](err)
	require.True(t, ok)
	require.Equal(t, &policy.FileError{
		Name: path, Line: 2, Column: 2, Field: `"größe"`, Problem: "unknown field, want version, base or groups",
	}, e)
	require.EqualError(t, err, "policy: "+path+`:2:2: "größe": unknown field, want version, base or groups`)
}

// TestGroupsOfAFileAreBounded, and a file within the bounds is read in
// reasonable time whatever inherits from what.
func TestGroupsOfAFileAreBounded(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		b.WriteString(`{"version":1,"groups":{"g":{}`)
		for i := 1; i < n; i++ {
			fmt.Fprintf(&b, `,"g/%d":{}`, i)
		}
		return b.String() + "}}"
	}
	groups, err := read(many(10000))
	require.NoError(t, err)
	require.Len(t, groups, 10000)
	_, err = read(many(10001))
	require.ErrorContains(t, err, `groups["g/10000"]: more than 10000 groups`)
}
