package clause

import (
	"slices"
	"time"
)

// nist returns the clauses of NIST SP 800-63B-4 about passwords.
func nist() []rule {
	return append(nistChoice(), nistLife()...)
}

// nistChoice is about which passwords may be chosen.
func nistChoice() []rule {
	return []rule{
		{"3.1.1.2(1)", "SHALL", "At least 15 characters where the password is the only factor; at least 8 where a second factor is always asked for.", nistLength},
		{"3.1.1.2(2)", "SHOULD", "Allow 64 characters and more.", allows64},
		{"3.1.1.2(3)", "SHOULD", "Accept all printing characters of ASCII and the space.", always(met("Every sign is accepted."))},
		{"3.1.1.2(4)", "SHOULD", "Accept Unicode; each code point SHALL count as one character.", always(met("All of Unicode is accepted; lengths count code points of the NFC form."))},
		{"3.1.1.1, 3.1.1.2(5)", "SHALL NOT", "No rules of composition beyond length and the blocklist.", nistComposition},
		{"3.1.1.2", "SHALL", "Compare a new password with a blocklist of common, expected or compromised ones.", nistBlocklist},
		{"3.1.1.2", "SHALL", "Compare the entire password, not parts of it.", func(s Subject) finding {
			if s.Policy.Contains {
				return deviates("A password that holds a context word anywhere is refused (Contains).")
			}
			return met("Lists and context words are compared with the whole password, in the forms that a guesser tries.")
		}},
		{"3.1.1.2", "SHOULD", "Have a blocklist that covers what can be guessed before the limit on attempts.", func(s Subject) finding {
			switch {
			case len(s.Policy.Breach) > 0 || slices.ContainsFunc(s.Policy.Lists, isCommon):
				return met("A list holds far more than the 100 guesses of 3.2.2; a very large one adds little.")
			case len(s.Policy.Lists) > 0:
				return shop("Make sure that your list holds far more than the 100 guesses of 3.2.2.")
			}
			return deviates("There is no list.")
		}},
		{"3.1.1.2", "SHALL", "After a hit, have another password chosen, and say why.", always(met("Check refuses, and each problem has a code and a text."))},
		{"3.1.1.2", "SHALL", "Offer guidance to whoever chooses a password.", always(shop("Show what Describe returns before the customer types, and the texts of problems after."))},
		{"3.1.1.2", "SHALL", "Allow password managers and autofill.", always(shop("Mark the fields username, current-password and new-password; PasswordRules helps managers to make one."))},
		{"3.1.1.2", "SHOULD", "Permit pasting, and offer to show what was typed.", always(shop("Do not block pasting; add a button that shows the password."))},
		{"3.1.1.2(7)", "SHALL NOT", "No hint that can be read without signing in.", always(shop("Keep no hints. Tillkey has no place for them."))},
		{"3.1.1.2(8)", "SHALL NOT", "No security questions.", always(shop("Ask none. Tillkey has no place for them."))},
	}
}

// nistLife is about what happens to a password that was chosen.
func nistLife() []rule {
	return []rule{
		{"3.1.1.2(6)", "SHALL NOT", "No periodic change.", noAgeLimit},
		{"3.1.1.2(6)", "SHALL", "Force a change when there is evidence of compromise.", kept(
			"Keeper.Force makes a compromised account, or all, due at once; a password met in a breach list at sign-in is due, too.",
			"Force the change at the next sign-in.")},
		{"3.1.1.2(9)", "SHALL", "Ask for the whole password and verify all of it.", kept(
			"argon2id takes every byte; what is over the cap is refused and never cut.",
			"Verify all bytes; bcrypt ignores those after the 72nd.")},
		{"3.1.1.2", "SHOULD", "Where Unicode is accepted, normalise to NFC before hashing.", kept(
			"New hashes are made over the NFC form.",
			"Hash policy.Normalize of the password.")},
		{"3.1.1.2", "SHOULD", "Tell who chooses signs beyond ASCII that keyboards may differ.", always(shop("Say so beside the field when such signs are typed."))},
		{"3.1.1.2", "MAY", "Tolerate slips such as an outer space, if the minimum still holds.", always(notApplicable("Passwords are compared as typed."))},
		{"3.1.1.2", "SHALL", "Ask for passwords over an encrypted, authenticated channel only.", always(shop("Serve the forms over TLS only."))},
		{"3.1.1.2", "SHALL", "Store passwords salted, with 32 bits or more, and hashed by a suitable scheme.", kept(
			"argon2id with a random salt of 64 bits or more, of 128 by default.",
			"Use package hash.")},
		{"3.1.1.2", "SHOULD", "Make the cost as high as practical, raise it over time, keep scheme and cost with the hash, and use the scheme's own output length.", kept(
			"The stored string names scheme and costs; a hash cheaper than today's is replaced at sign-in.",
			"Use package hash, and replace what it calls Stale.")},
		{"3.1.1.2", "SHOULD", "Use a scheme approved in SP 800-132 or a newer text of NIST.", always(shop("Decide whether that is needed: argon2id is a suitable scheme, but SP 800-132 knows PBKDF2 only."))},
		{"3.1.1.2", "SHOULD", "Add a step with a secret key.", kept(
			"The keyring seals every hash under a key, which can be turned.",
			"Seal the hashes with rotate/keyring.")},
		{"3.1.1.2", "SHALL", "Make that key with an approved generator and store it apart from the hashes; it SHOULD be in protected hardware.", always(shop("Keep the key file away from the database and its backups."))},
		{"3.2.2", "SHALL", "Limit failed attempts in a row to 100 per authenticator and account, then disable it.", nistLimit},
		{"4.2.1.2", "SHALL", "A recovery code sent by e-mail has 6 digits or more, is throttled, and expires within 24 hours.", nistReset},
		{"4.2.2.2", "SHALL", "For an account with two factors, ask for two recovery codes by different ways, or for one and a bound authenticator.", nistRecovery},
		{"4.3", "SHALL", "Suspend or invalidate a compromised password promptly; there SHOULD be a time limit.", kept(
			"An order after a compromise ends sessions, and the old password opens nothing but its replacement once the grace is over.",
			"Make the old password useless at once.")},
		{"4.4", "SHALL NOT", "No use of an expired password; it SHOULD be said that it has expired.", func(s Subject) finding {
			if s.MaxAge == 0 {
				return notApplicable("Passwords do not expire.")
			}
			return kept("An expired password opens nothing but its own change, which names the reason.",
				"Let an expired password open nothing but its change, and say why.")(s)
		}},
		{"4.5", "SHALL", "Invalidate a password promptly when its account ends, its owner asks for it, or it is compromised.", kept(
			"Keeper.Force and Keeper.Erase do it at once.",
			"Make the password useless at once.")},
		{"4.6", "SHALL", "Notify the account's addresses of a new authenticator and of a recovery.", func(s Subject) finding {
			if s.Kept {
				return shop("Mail on the events that ask for it (\"tell the customer\"), to old addresses, too.")
			}
			return shop("Mail the customer, to old addresses, too.")
		}},
	}
}

func nistLength(s Subject) finding {
	const alone, beside = 15, 8
	switch n := s.Policy.MinLength; {
	case n >= alone:
		return met("At least %d characters.", n)
	case s.SecondFactor == RequiredFactor && n >= beside:
		return met("At least %d characters, and nobody signs in without a second factor.", n)
	case s.SecondFactor == RequiredFactor:
		return deviates("The minimum is %d characters, not %d.", n, beside)
	default:
		return deviates("The minimum is %d characters, not %d, and a second factor is not always asked for.", n, alone)
	}
}

func nistComposition(s Subject) finding {
	if why := composition(s.Policy); why != "" {
		return deviates("%s", why)
	}
	if s.Policy.MinGuessesLog10 > 0 {
		return deviates("Passwords rated below %s guesses are refused; read strictly, that is one more rule of composition.", power(s.Policy.MinGuessesLog10))
	}
	return met("None but length and lists.")
}

func nistBlocklist(s Subject) finding {
	if len(s.Policy.Lists)+len(s.Policy.Breach) == 0 {
		return deviates("There is no list: set Lists, and Breach if possible.")
	}
	return met("Common: %s. Expected: what Check is told about the person, and %s of the shop's own. Compromised: %s.",
		count(len(s.Policy.Lists), "list"), count(len(s.Policy.Words), "word"), count(len(s.Policy.Breach), "breach source"))
}

func nistLimit(s Subject) finding {
	const most = 100
	switch {
	case s.DisableAfter > most:
		return deviates("A password is disabled after %d failures in a row, not after %d at most.", s.DisableAfter, most)
	case s.DisableAfter > 0:
		return met("A password is disabled after %s in a row, until it is reset.", count(s.DisableAfter, "failure"))
	}
	return missing(s, "No number of failures disables a password.", "Count failures in a row and disable a password after 100 at most.")
}

func nistReset(s Subject) finding {
	switch {
	case s.ResetFor == 0:
		return shop("Let codes and links for a reset expire within 24 hours.")
	case s.ResetFor > 24*time.Hour:
		return deviates("A mailed reset is good for %s.", span(s.ResetFor))
	}
	return met("A mailed reset is good for %s.", span(s.ResetFor))
}

func nistRecovery(s Subject) finding {
	if s.SecondFactor == NoFactor {
		return notApplicable("There is no second factor.")
	}
	return kept("A reset asks for a code of the second factor, too.", "Ask for the second factor in a reset, too.")(s)
}
