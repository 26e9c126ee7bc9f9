// Package strength estimates how many guesses a password withstands.
//
// [Estimate] puts a number on a password, [Explain] says why, and
// [EstimateChange] judges a new password by the old one. [Estimator] is what
// package policy asks for:
//
//	p := policy.ShopCustomer()
//	p.Estimator = strength.Estimator{}
//
// # Method
//
// Two searches look for the cheapest way to put the password together. The
// first knows common passwords, words, names and cities, forwards, backwards
// and with look-alike signs, and pays a fixed price for any other sign. The
// second asks a model of which sign follows which, and the list for the whole
// password and, at a price, for its parts. Both know the texts about the person
// and the shop, repetitions, sequences, walks over the keys of four keyboards,
// dates and years. Their results are joined on the log scale, never by the
// smaller one, and a curve turns the blend into guess numbers; it was fitted to
// the guess numbers of Carnegie Mellon's Password Guessability Service for a
// sample of RockYou.
//
// That service guessed all but 11 of the 6 439 passwords of at most eight bytes
// in the sample before 10^8, however strange they look. So the guesses for eight
// bytes rise more slowly above 10^7, and those for fewer never reach 10^8.
//
// A password with one kind of separators is rated without them, too. Cyrillic
// and Greek letters are rated by the keys that they lie on, katakana as
// hiragana. The list has words, names and places of English, German, French,
// Spanish, Italian, Portuguese, Dutch, Polish, Russian (typed as such, on a
// Latin keyboard and in Latin letters), Chinese in pinyin, and Japanese in kana
// and Latin letters; of Dutch, Polish, Greek and kana less than of the others.
//
// A text about the person or the shop and at most four signs more is always
// below 10^8. So is what is three changes or fewer away from the old password.
//
// # How good it is
//
// Judged on leaks that were held out of the training (phpBB, Pwdb, two samples
// of RockYou), the mean weighted Spearman correlation is 0.863, where
// github.com/trustelem/zxcvbn v1.0.1 has 0.766; with each password counted
// once 0.709 and 0.577. The training has two mixes of many leaks, which hold
// parts of the ones held out, as zxcvbn's own list does; without them it is
// lower, and phpBB is ordered less well than by zxcvbn. Of phpBB's passwords
// with the site's name in them 0.6 % reach 10^8 if the name is given. One
// command prints all of this, in internal:
//
//	go run ./gen eval "$STRENGTH_DATA/dev" "$STRENGTH_WORDS"
//
// # Tables
//
// The tables are embedded, read in place, and hold no text: the list is
// fingerprints of 22 bits, the model fingerprints of 16 bits. A part of a
// password that is not listed is taken for a listed one about once in 700 000
// look-ups, of which a password of ten signs makes some ten; a wrong n-gram is
// found about once in 10 000. Such an error makes a password look a little
// weaker. No false alarm was seen among 18 000 generated passwords and
// passphrases of 52 bits or more at 10^8 guesses. internal/tables/NOTICE.md
// names what the tables were made of, and how to get it. One command makes
// them again, byte for byte:
//
//	go generate ./internal/tables
//
// # Cost
//
// Nothing is allocated but by Explain. The searches see 128 code points; the
// work for what lies beyond is linear, and so is the work for each text about
// someone. All functions may be called from many goroutines.
// Estimates use integers only and are the same on every platform.
package strength
