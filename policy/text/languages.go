package text

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// speaker is a language and its texts.
type speaker struct {
	tag   language.Tag
	words func() words
}

// speakers are all languages. The first one is for whom none of them serves.
func speakers() []speaker {
	return []speaker{
		{language.English, english},
		{language.German, german},
		{language.French, french},
		{language.Spanish, spanish},
		{language.Italian, italian},
		{language.Dutch, dutch},
		{language.Polish, polish},
		{language.Portuguese, portuguese},
		{language.Japanese, japanese},
		{language.Chinese, chinese},
	}
}

// Languages returns the languages that there are texts in, English first.
func Languages() []language.Tag {
	var tags []language.Tag
	for _, s := range speakers() {
		tags = append(tags, s.tag)
	}
	return tags
}

// match is the place of the language that serves best.
func match(preferred []language.Tag) int {
	if len(preferred) == 0 {
		return 0
	}
	tags := Languages()
	for i, tag := range tags {
		// The same language in the same script serves, from wherever it is: there is
		// one of each. This is what most people send, and needs no matcher.
		if spoken(tag) == spoken(preferred[0]) {
			return i
		}
	}
	_, i, confidence := language.NewMatcher(tags).Match(preferred...)
	if confidence == language.No {
		return 0
	}
	return i
}

// spoken is a language without its region.
func spoken(tag language.Tag) [2]string {
	base, _ := tag.Base()
	script, _ := tag.Script()
	return [2]string{base.String(), script.String()}
}

// Bounds of what is read of a header. People send a dozen languages at most.
const (
	maxHeader = 1024 // bytes
	maxTags   = 32
)

// New returns the texts for a header Accept-Language (RFC 9110, 12.5.4), English
// for an empty one and where no language serves. Of the header, 1024 bytes and 32
// languages are read, and what is malformed is passed over.
func New(acceptLanguage string) Texts { return For(Accepted(acceptLanguage)...) }

// Accepted reads a header Accept-Language as New does: the languages that are
// wanted, in the order of their weights. It is for a shop that matches them with
// languages of its own.
func Accepted(header string) []language.Tag {
	if len(header) > maxHeader {
		header = header[:maxHeader]
		header = header[:max(0, strings.LastIndexByte(header, ','))] // the last one may be cut
	}
	type weighted struct {
		tag language.Tag
		q   float32
	}
	var all []weighted
	read := 0
	for part := range strings.SplitSeq(header, ",") {
		if read++; read > maxTags {
			break
		}
		tags, weights, err := language.ParseAcceptLanguage(part)
		if err != nil {
			continue
		}
		for i, tag := range tags {
			all = append(all, weighted{tag, weights[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b weighted) int { return cmp.Compare(b.q, a.q) })
	tags := make([]language.Tag, len(all))
	for i, w := range all {
		tags[i] = w.tag
	}
	return tags
}
