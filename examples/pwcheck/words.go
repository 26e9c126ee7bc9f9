package main

import (
	_ "embed"
	"strings"
)

//go:embed wordlist/eff_large.txt
var wordText string

//go:embed wordlist/NOTICE
var wordNotice string

// words returns the words that passphrases are made of.
func words() []string { return strings.Fields(wordText) }
