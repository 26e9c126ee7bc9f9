// Package text tells customers why a password was refused, and what a policy
// asks, in their own language: English, German, French, Spanish, Italian, Dutch,
// Polish, Portuguese (of Brazil), Japanese and Chinese (simplified).
//
//	texts := text.New(r.Header.Get("Accept-Language"))
//	for _, problem := range refusal.Problems {
//		fmt.Fprintln(w, texts.Problem(problem))
//	}
//
// The English texts are those of package policy itself. The others say the same,
// politely, with the forms that a language has for a number (CLDR, by
// golang.org/x/text/feature/plural).
//
// A shop that wants other words writes its own by policy.Codes and the params of
// each code, and comes here for the rest.
package text
