package clause

import (
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/policy"
)

// asvs returns the clauses of OWASP ASVS 5.0 about passwords.
func asvs() []rule {
	return append(asvsChoice(), asvsLife()...)
}

// asvsChoice is chapters 6.1 and 6.2.
func asvsChoice() []rule {
	const l1, l2 = "level 1", "level 2"
	return []rule{
		{"6.1.1", l1, "Document how guessing is limited without letting strangers lock accounts.", always(shop("Write it down."))},
		{"6.1.2", l2, "Document a list of context words that passwords must not be.", always(shop("Write it down: the names of the shop, its brands and products."))},
		{"6.2.1", l1, "At least 8 characters; 15 are strongly recommended.", asvsLength},
		{"6.2.2", l1, "Users can change their password.", func(s Subject) finding {
			if s.Kept {
				return shop("Keeper.Change does it; add the page.")
			}
			return shop("Let them.")
		}},
		{"6.2.3", l1, "A change asks for the current and the new password.", kept(
			"Keeper.Change asks for both.",
			"Ask for both.")},
		{"6.2.4", l1, "Check a new password against the 3000 most common ones that fit the policy.", asvsTop},
		{"6.2.5", l1, "Any composition may be used; no kinds of characters are demanded.", func(s Subject) finding {
			if why := composition(s.Policy); why != "" {
				return deviates("%s", why)
			}
			return met("No kind of character is demanded or forbidden.")
		}},
		{"6.2.6", l1, "Mask the field; it may be shown for a while.", always(shop("Use type=password."))},
		{"6.2.7", l1, "Permit pasting, browser helpers and password managers.", always(shop("Do not block them."))},
		{"6.2.8", l1, "Verify the password exactly as received.", func(s Subject) finding {
			if !s.Kept {
				return shop("Neither cut nor fold it.")
			}
			f := deviates("The NFC form is hashed, as NIST wants (3.1.1.2). That changes nothing in ASCII; nothing is cut and no case is changed.")
			f.byDesign = true
			return f
		}},
		{"6.2.9", l2, "Permit 64 characters and more.", allows64},
		{"6.2.10", l2, "A password stays valid until it is compromised or its user changes it; no periodic change.", noAgeLimit},
		{"6.2.11", l2, "Use the documented list of context words.", func(s Subject) finding {
			if len(s.Policy.Words) == 0 {
				return shop("Set Words.")
			}
			return met("Passwords made of %s of the shop's own are refused.", count(len(s.Policy.Words), "word"))
		}},
		{"6.2.12", l2, "Check a new password against a set of breached ones.", asvsBreached},
	}
}

// asvsLife is chapters 6.3 and 6.4, and what is about passwords elsewhere.
func asvsLife() []rule {
	const l1, l2, l3 = "level 1", "level 2", "level 3"
	return []rule{
		{"6.3.1", l1, "Limit guessing as documented.", asvsLimit},
		{"6.3.2", l1, "Have no default accounts.", always(shop("Ship none."))},
		{"6.3.3", l2, "Require a second factor; at level 3 one in hardware that resists phishing.", func(s Subject) finding {
			if s.SecondFactor == RequiredFactor {
				return met("Nobody signs in without a second factor. One-time codes do not do for level 3.")
			}
			return missing(s, "A second factor is not required.", "Require a second factor.")
		}},
		{"6.3.7", l3, "Notify users of changes to their credentials.", func(s Subject) finding {
			if s.Kept {
				return shop("Mail on the events that ask for it (\"tell the customer\").")
			}
			return shop("Mail them.")
		}},
		{"6.3.8", l3, "Do not show who has an account, by words or by time.", kept(
			"Unknown, locked and wrong give one answer after the same work; show it unchanged, at sign-up, too.",
			"Give one answer after the same work, at sign-up and reset, too.")},
		{"6.4.1", l1, "Initial passwords are random, follow the policy, expire soon or at first use, and never become the long-term ones.", kept(
			"A password that was handed out is due at its first use, and is then refused as the new one.",
			"Make them with package generate, let them expire, and refuse them as new ones.")},
		{"6.4.2", l1, "Have no hints and no secret questions.", always(shop("Have none. Tillkey has no place for them."))},
		{"6.4.3", l2, "A reset does not get around the second factor.", func(s Subject) finding {
			if s.SecondFactor == NoFactor {
				return notApplicable("There is no second factor.")
			}
			return kept("A reset asks for a code, too, and opens no session.", "Ask for the second factor in a reset, too.")(s)
		}},
		{"6.4.5", l3, "Remind users in time before a password expires.", asvsReminded},
		{"6.4.6", l3, "Administrators can start a reset, but not choose a password.", kept(
			"No verb lets staff choose a customer's password; they can have it reset.",
			"Let staff start a reset only.")},
		{"11.2.2", l2, "Hash algorithms, costs and keys can be replaced.", kept(
			"Hashes are renewed at sign-in, seals in the background.",
			"Use package hash, and replace what it calls Stale.")},
		{"11.2.4", l3, "Compare secrets in constant time.", kept(
			"Hashes are compared in constant time.",
			"Compare with package hash.")},
		{"11.4.2", l2, "Store passwords by an approved hash with current costs.", asvsHash},
		{"13.2.1", l2, "Backend systems do not authenticate by passwords that never change.", always(shop("Rotate them, or use short-lived tokens. This policy is not about them."))},
		{"13.3.1", l2, "Backend passwords and keys are in a vault, not in source or builds.", always(shop("Keep the key file and database passwords there."))},
	}
}

func asvsLength(s Subject) finding {
	const least, recommended = 8, 15
	switch n := s.Policy.MinLength; {
	case n < least:
		return deviates("The minimum is %s, not %d.", count(n, "character"), least)
	case n < recommended:
		return met("At least %d characters; %d are recommended.", n, recommended)
	default:
		return met("At least %d characters.", n)
	}
}

// asvsTop judges the list of common passwords. The one of policy.Common holds
// 3 861 passwords of 13 code points or more, and 2 160 of 14 or more. Nobody can
// count those of another list.
func asvsTop(s Subject) finding {
	const longest = 13
	p := s.Policy
	common := slices.ContainsFunc(p.Lists, isCommon)
	switch {
	case len(p.Breach) > 0:
		return met("%s and %s.", count(len(p.Lists), "list"), count(len(p.Breach), "breach source"))
	case len(p.Lists) == 0:
		return deviates("There is no list.")
	case !common:
		return shop("%s of your own. Make sure that 3000 passwords of %s or more are on it.", count(len(p.Lists), "list"), count(max(p.MinLength, 1), "character"))
	case p.MinLength > longest:
		return shop("The list of the package holds fewer than 3000 passwords of %d characters or more, but knows short ones when they are repeated or decorated. Set Breach for the rest.", p.MinLength)
	}
	return met("The list of the package.")
}

func asvsBreached(s Subject) finding {
	n := len(s.Policy.Breach)
	if n == 0 {
		return shop("Set Breach.")
	}
	sources := count(n, "breach source")
	if threshold := s.Policy.BreachThreshold; threshold > 1 {
		sources += fmt.Sprintf(", from %d sightings on", threshold)
	}
	if s.Policy.Unchecked == policy.AcceptUnchecked {
		return met("%s. Where one cannot answer the password passes: check again later what Verdict.Unchecked names.", sources)
	}
	return met("%s. Where one cannot answer the password is not accepted.", sources)
}

func asvsLimit(s Subject) finding {
	const out = " can be used to keep somebody out: let a reset open it, and say so in the documentation."
	switch ends := "disabled after " + count(s.DisableAfter, "failure"); {
	case s.LockAfter > 0 && s.DisableAfter > 0:
		return met("Guesses are limited. The lock, and that a password is %s,"+out, ends)
	case s.LockAfter > 0:
		return met("Guesses are limited. The lock" + out)
	case s.DisableAfter > 0:
		return met("Guesses are limited. That a password is %s"+out, ends)
	case s.Waits:
		return met("Guesses are slowed, without a lock that strangers could use.")
	}
	return missing(s, "Guesses are not limited.", "Limit them.")
}

func asvsHash(s Subject) finding {
	switch {
	case !s.Kept:
		return shop("Use package hash.")
	case s.Hashing == (Hashing{}):
		return shop("Hash with the default Hasher, or say in Hashing what yours costs.")
	case !s.Hashing.MeetsASVS5:
		return deviates("%s is less than appendix C asks for.", s.Hashing)
	}
	return met("%s.", s.Hashing)
}

func asvsReminded(s Subject) finding {
	switch {
	case s.MaxAge == 0:
		return notApplicable("Passwords do not expire.")
	case s.Reminded:
		return shop("Mail on the reminders that go out before a deadline.")
	}
	return missing(s, "Nobody is reminded.", "Remind users in time.")
}
