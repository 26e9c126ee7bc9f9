package text

func dutch() words {
	return words{
		general: "Kies een ander wachtwoord.",

		tooShort: counted{
			one:   "Gebruik minstens {n} teken. Een paar woorden die niets met elkaar te maken hebben, zijn makkelijk te onthouden.",
			other: "Gebruik minstens {n} tekens. Een paar woorden die niets met elkaar te maken hebben, zijn makkelijk te onthouden.",
		},
		tooShortAny: "Dit wachtwoord is te kort. Een paar woorden die niets met elkaar te maken hebben, zijn makkelijk te onthouden.",
		tooLong: counted{
			one:   "Dit wachtwoord is te lang: gebruik hoogstens {n} teken.",
			other: "Dit wachtwoord is te lang: gebruik hoogstens {n} tekens.",
		},
		tooLongBytes: counted{
			one:   "Dit wachtwoord is te lang: gebruik hoogstens {n} byte.",
			other: "Dit wachtwoord is te lang: gebruik hoogstens {n} bytes.",
		},
		tooLongAny:   "Dit wachtwoord is te lang.",
		notText:      "Dit wachtwoord bevat tekens die niet gelezen konden worden. Typ het opnieuw.",
		tooCommon:    "Veel mensen gebruiken dit wachtwoord of een dat er veel op lijkt, dus het wordt als een van de eerste geprobeerd. Kies een ander.",
		tooGuessable: "Dit wachtwoord is makkelijk te raden{parts}. Voeg een of twee woorden toe die er niets mee te maken hebben.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "een wachtwoord dat veel mensen gebruiken",
			word:     "een gewoon woord",
			name:     "een naam",
			place:    "een plaatsnaam",
			about:    "iets over u of deze winkel",
			old:      "een deel van uw oude wachtwoord",
			turned:   "het volgende getal of seizoen of de volgende maand",
			repeat:   "een herhaling",
			sequence: "een eenvoudige reeks",
			keyboard: "toetsen naast elkaar",
			date:     "een datum",
			year:     "een jaartal",
			reversed: "een gewoon woord achterstevoren",
			leet:     "een gewoon woord met tekens die erop lijken",
		},
		contextWhole:  "Dit wachtwoord bestaat uit uw naam, uw e-mailadres of de naam van de winkel: die worden het eerst geprobeerd. Kies iets anders.",
		contextPart:   "Laat uw naam, uw e-mailadres en de naam van de winkel weg: die worden het eerst geprobeerd.",
		breached:      "Dit wachtwoord is in een datalek opgedoken, dus criminelen kennen het. Kies een ander, en wijzig het overal waar u het nog meer gebruikt.",
		sameAsCurrent: "Dit is uw huidige wachtwoord. Kies een nieuw.",
		tooSimilar:    "Dit wachtwoord lijkt te veel op uw huidige. Kies er een dat er niet uit volgt.",
		reused: counted{
			one:   "U hebt dit wachtwoord al eens gebruikt. Kies er een dat verschilt van uw laatste.",
			other: "U hebt dit wachtwoord al eens gebruikt. Kies er een dat verschilt van uw laatste {n}.",
		},
		reusedAny:   "U hebt dit wachtwoord al eens gebruikt. Kies een nieuw.",
		needsLetter: "Gebruik minstens één letter.",
		needsDigit:  "Gebruik minstens één cijfer.",

		ruleMin:          counted{one: "Minstens {n} teken.", other: "Minstens {n} tekens."},
		ruleMax:          counted{one: "Hoogstens {n} teken.", other: "Hoogstens {n} tekens."},
		ruleLetter:       "Minstens één letter.",
		ruleDigit:        "Minstens één cijfer.",
		ruleCommon:       "Geen wachtwoord dat veel mensen gebruiken.",
		ruleContextWhole: "Niet alleen uw naam, uw e-mailadres of de naam van de winkel.",
		ruleContextPart:  "Zonder uw naam, uw e-mailadres of de naam van de winkel.",
		ruleGuessable:    "Moeilijk te raden: meerdere woorden die niets met elkaar te maken hebben, of veel willekeurige tekens.",
		ruleBreached:     "Geen wachtwoord dat in een datalek is opgedoken.",
	}
}
