package text

// english holds the texts of package policy, word by word.
func english() words {
	return words{
		general: "Choose another password.",

		tooShort: counted{
			one:   "Use at least {n} character. A few unrelated words in a row are easy to remember.",
			other: "Use at least {n} characters. A few unrelated words in a row are easy to remember.",
		},
		tooShortAny: "This password is too short. A few unrelated words in a row are easy to remember.",
		tooLong: counted{
			one:   "This password is too long: use at most {n} character.",
			other: "This password is too long: use at most {n} characters.",
		},
		tooLongBytes: counted{
			one:   "This password is too long: use at most {n} byte.",
			other: "This password is too long: use at most {n} bytes.",
		},
		tooLongAny:   "This password is too long.",
		notText:      "This password holds signs that could not be read. Type it again.",
		tooCommon:    "Many people use this password or one much like it, so it is among the first to be tried. Choose another one.",
		tooGuessable: "This password is easy to guess{parts}. Add another word or two that have nothing to do with it.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "a password that many people use",
			word:     "a common word",
			name:     "a name",
			place:    "the name of a place",
			about:    "something about you or this shop",
			old:      "a part of your old password",
			turned:   "the next number, month or season",
			repeat:   "a repetition",
			sequence: "a simple sequence",
			keyboard: "neighbouring keys",
			date:     "a date",
			year:     "a year",
			reversed: "a common word backwards",
			leet:     "a common word with look-alike signs",
		},
		contextWhole:  "This password is made of your name, your e-mail address or the name of the shop: they are tried first. Choose something else.",
		contextPart:   "Leave out your name, your e-mail address and the name of the shop: they are tried first.",
		breached:      "This password has appeared in a data leak, so criminals know it. Choose another one, and change it wherever else you use it.",
		sameAsCurrent: "This is the password you have now. Choose a new one.",
		tooSimilar:    "This password is too much like the one you have now. Choose one that does not follow from it.",
		reused: counted{
			one:   "You have used this password before. Choose one that differs from your last one.",
			other: "You have used this password before. Choose one that differs from your last {n}.",
		},
		reusedAny:   "You have used this password before. Choose a new one.",
		needsLetter: "Use at least one letter.",
		needsDigit:  "Use at least one digit.",

		ruleMin:          counted{one: "At least {n} character.", other: "At least {n} characters."},
		ruleMax:          counted{one: "At most {n} character.", other: "At most {n} characters."},
		ruleLetter:       "At least one letter.",
		ruleDigit:        "At least one digit.",
		ruleCommon:       "No password that many people use.",
		ruleContextWhole: "Not just your name, your e-mail address or the name of the shop.",
		ruleContextPart:  "Without your name, your e-mail address or the name of the shop.",
		ruleGuessable:    "Hard to guess: several unrelated words, or many random signs.",
		ruleBreached:     "No password that has appeared in a data leak.",
	}
}
