// Package policy answers one question: may this password be chosen?
//
// A [Policy] is a plain value. Take a preset and change its fields:
//
//	p := policy.ShopCustomer()
//	p.Words = []string{"Tillkey", "Till"}
//	p.Breach = []policy.List{leaked}
//
//	verdict, err := p.Check(ctx, password, user.Email, user.Name)
//	if err != nil {
//		return err // not the password's fault: try again, or mend the policy
//	}
//	if err := verdict.Err(); err != nil {
//		return err // a *Refusal with every problem at once
//	}
//
// [Policy.Preview] is the same without the breach sources: no network, no
// disk, fast enough to call while the customer types. [Policy.Describe] says
// what is asked before the customer types anything.
//
// # What is checked
//
// The caps come first, on the raw bytes, before anything else looks at the
// password; so a megabyte costs no more than a comparison of two numbers. A
// password over a cap, or not valid UTF-8, is refused and not examined
// further. Lengths count code points of the NFC form, as NIST SP 800-63B-4,
// 3.1.1.2 asks. Nothing is trimmed and nothing is cut short.
//
// Then all rules are asked, and all problems are reported:
//
//   - length, and letters and digits where a standard insists on them;
//   - lists of common passwords ([Common], [NewList]);
//   - words about the person and the shop;
//   - a guess number from an [Estimator], where a threshold is set;
//   - breach sources, in Check only.
//
// Lists and context words are compared with the whole password, never with a
// part of it (NIST SP 800-63B-4, 3.1.1.2), but in the forms a guesser tries:
// without case, accents, look-alike signs, separators, repetition, and a few
// leading or trailing digits, years, signs and keyboard walks. "Summer2026!Summer2026!" is
// "summer". A long phrase that merely holds a listed word is fine.
//
// # Groups and files
//
// [Groups] hold a policy for each group of accounts. A group inherits from the
// groups above it in its path, and the strictest value wins, see [Strictest]:
//
//	groups, err := policy.ReadFile("policy.json", policy.Sources{
//		Breach:     map[string]policy.List{"leaked": leaked},
//		Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}},
//	})
//	// ...
//	p, err := groups.Policy("store-17/customers")
//
// A policy file is JSON that [FileSchema] describes; server, command line and
// storefront read the same one. [Policy.Fingerprint] stands for the rules of a
// policy: kept beside a credential, it tells when they have changed since the
// password was chosen.
//
// # When a breach source cannot answer
//
// A list that cannot know returns [ErrUnchecked]. With [AcceptUnchecked] the
// password passes and Verdict.Unchecked says what to ask again later. With
// [RefuseUnchecked] Check returns an error if there is no problem besides,
// because the password is not at fault and another one would fare no better.
//
// # Secrets
//
// Passwords are never kept, logged, or put into a problem, an error or a
// verdict. All functions and methods may be called from many goroutines if
// the Lists and the Estimator may.
package policy
