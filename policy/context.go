package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

const (
	maxAbout      = 32  // texts about a person
	maxAboutBytes = 256 // of each

	contextBudget = 6.5 // powers of ten of decoration; the word itself costs an attacker nothing
	wholeWord     = 3   // code points from which a word counts as a whole
	partWord      = 4   // code points from which a word counts as a part
	typoWord      = 6   // code points from which one typing error is forgiven
	maxComposed   = 256 // bytes; a longer password is not made of names alone
)

// bounded returns at most maxAbout texts of at most maxAboutBytes each, all
// valid UTF-8.
func bounded(about []string) []string {
	about = about[:min(len(about), maxAbout)]
	out := make([]string, 0, len(about))
	for _, a := range about {
		out = append(out, strings.ToValidUTF8(a[:min(len(a), maxAboutBytes)], ""))
	}
	return out
}

// contextWords are skeletons of the words that a password must not be made of,
// by their first byte.
type contextWords map[byte][]string

func newContext(lists ...[]string) contextWords {
	words := contextWords{}
	for _, list := range lists {
		for _, text := range list {
			words.addText(text)
		}
	}
	return words
}

// addText adds the words of one text: a word, a name of several parts, an
// account name, or an e-mail address. Of an address, the top-level domain is no
// word of its own, but belongs to the address and to its domain as a whole.
func (w contextWords) addText(text string) {
	local, domain, isMail := strings.Cut(text, "@")
	w.addName(local)
	if !isMail {
		return
	}
	w.addWhole(text)
	w.addWhole(domain)
	if dot := strings.LastIndexByte(domain, '.'); dot >= 0 {
		domain = domain[:dot]
	}
	for label := range strings.SplitSeq(domain, ".") {
		w.addName(label)
	}
}

// addWhole adds a text as it stands, and the ways to write it without its signs.
func (w contextWords) addWhole(text string) {
	lower := string(fold.Lower(text))
	w.addWord(lower)
	undotted := strings.ReplaceAll(lower, ".", "")
	joined := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, lower)
	if undotted != lower {
		w.addWord(undotted)
	}
	if joined != undotted {
		w.addWord(joined)
	}
}

// addName adds the parts of a name and all of it in one.
func (w contextWords) addName(name string) {
	lower := string(fold.Lower(name))
	parts := strings.FieldsFunc(lower, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, part := range parts {
		w.addWord(part)
		if trimmed := strings.TrimFunc(part, unicode.IsDigit); trimmed != part {
			w.addWord(trimmed)
		}
	}
	if len(parts) != 1 || parts[0] != lower {
		w.addWord(strings.Join(parts, ""))
		w.addWord(lower) // "pa$ha" as it stands
	}
	if spelt := fold.SpellOut(name); spelt != name {
		w.addName(spelt)
	}
}

func (w contextWords) addWord(lower string) {
	if utf8.RuneCountInString(lower) < wholeWord {
		return
	}
	word := fold.Skeleton([]rune(lower))
	for _, known := range w[word[0]] {
		if known == word {
			return
		}
	}
	w[word[0]] = append(w[word[0]], word)
}

// match returns "whole" if the password is made of nothing but context words
// and decoration, forwards or backwards, "part" if parts is set and it holds
// one, else "".
func (w contextWords) match(password string, parts bool) string {
	if len(w) == 0 {
		return ""
	}
	for _, core := range fold.Cores(password, contextBudget) {
		if len(core.Text) < wholeWord || len(core.Text) > maxComposed {
			continue
		}
		skeleton := fold.Skeleton(core.Text)
		backwards := fold.Reverse(skeleton)
		if w.compose(skeleton) || w.compose(backwards) || w.nearly(skeleton) || w.nearly(backwards) {
			return "whole"
		}
	}
	if parts && w.within(password) {
		return "part"
	}
	return ""
}

// compose reports whether s is a row of words.
func (w contextWords) compose(s string) bool {
	if len(s) > maxComposed {
		return false
	}
	var reached [maxComposed + 1]bool
	reached[0] = true
	for i := range len(s) {
		if !reached[i] {
			continue
		}
		for _, word := range w[s[i]] {
			if strings.HasPrefix(s[i:], word) {
				reached[i+len(word)] = true
			}
		}
	}
	return reached[len(s)]
}

// nearly reports whether s is a longer word with one typing error.
func (w contextWords) nearly(s string) bool {
	for _, words := range w {
		for _, word := range words {
			if len(word) < typoWord || len(word)+utf8.UTFMax < len(s) || len(s)+utf8.UTFMax < len(word) {
				continue
			}
			if utf8.RuneCountInString(word) >= typoWord && fold.OneEdit(s, word) {
				return true
			}
		}
	}
	return false
}

// within reports whether a word is anywhere in the password, separators aside.
func (w contextWords) within(password string) bool {
	skeleton := fold.Skeleton(fold.Lower(password))
	joined := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, skeleton)
	for _, words := range w {
		for _, word := range words {
			if utf8.RuneCountInString(word) < partWord {
				continue
			}
			backwards := fold.Reverse(word)
			for _, text := range [...]string{skeleton, joined} {
				if strings.Contains(text, word) || strings.Contains(text, backwards) {
					return true
				}
			}
		}
	}
	return false
}
