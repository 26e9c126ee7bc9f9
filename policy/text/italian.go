package text

func italian() words {
	return words{
		general: "Scelga un'altra password.",

		tooShort: counted{
			one:   "Usi almeno {n} carattere. Alcune parole senza legame tra loro sono facili da ricordare.",
			other: "Usi almeno {n} caratteri. Alcune parole senza legame tra loro sono facili da ricordare.",
		},
		tooShortAny: "Questa password è troppo corta. Alcune parole senza legame tra loro sono facili da ricordare.",
		tooLong: counted{
			one:   "Questa password è troppo lunga: usi al massimo {n} carattere.",
			other: "Questa password è troppo lunga: usi al massimo {n} caratteri.",
		},
		tooLongBytes: always("Questa password è troppo lunga: usi al massimo {n} byte."),
		tooLongAny:   "Questa password è troppo lunga.",
		notText:      "Questa password contiene segni che non è stato possibile leggere. La scriva di nuovo.",
		tooCommon:    "Molte persone usano questa password o una molto simile, perciò è tra le prime a essere provate. Ne scelga un'altra.",
		tooGuessable: "Questa password è facile da indovinare{parts}. Aggiunga una o due parole che non c'entrano nulla.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "una password che usano in molti",
			word:     "una parola comune",
			name:     "un nome",
			place:    "il nome di un luogo",
			about:    "qualcosa su di lei o su questo negozio",
			old:      "una parte della sua vecchia password",
			turned:   "il numero, il mese o la stagione che segue",
			repeat:   "una ripetizione",
			sequence: "una sequenza semplice",
			keyboard: "tasti vicini",
			date:     "una data",
			year:     "un anno",
			reversed: "una parola comune al contrario",
			leet:     "una parola comune con segni simili",
		},
		contextWhole:  "Questa password è fatta del Suo nome, del Suo indirizzo e-mail o del nome del negozio: è ciò che si prova per primo. Scelga qualcos'altro.",
		contextPart:   "Non usi il Suo nome, il Suo indirizzo e-mail né il nome del negozio: è ciò che si prova per primo.",
		breached:      "Questa password è comparsa in una fuga di dati, quindi i criminali la conoscono. Ne scelga un'altra e la cambi ovunque la usi.",
		sameAsCurrent: "Questa è la Sua password attuale. Ne scelga una nuova.",
		tooSimilar:    "Questa password somiglia troppo a quella attuale. Ne scelga una che non si possa ricavare da essa.",
		reused: counted{
			one:   "Questa password è già stata usata. Ne scelga una diversa dall'ultima.",
			other: "Questa password è già stata usata. Ne scelga una diversa dalle ultime {n}.",
		},
		reusedAny:   "Questa password è già stata usata. Ne scelga una nuova.",
		needsLetter: "Usi almeno una lettera.",
		needsDigit:  "Usi almeno una cifra.",

		ruleMin:          counted{one: "Almeno {n} carattere.", other: "Almeno {n} caratteri."},
		ruleMax:          counted{one: "Al massimo {n} carattere.", other: "Al massimo {n} caratteri."},
		ruleLetter:       "Almeno una lettera.",
		ruleDigit:        "Almeno una cifra.",
		ruleCommon:       "Nessuna password usata da molte persone.",
		ruleContextWhole: "Non soltanto il Suo nome, il Suo indirizzo e-mail o il nome del negozio.",
		ruleContextPart:  "Senza il Suo nome, il Suo indirizzo e-mail e il nome del negozio.",
		ruleGuessable:    "Difficile da indovinare: più parole senza legame tra loro, o molti segni casuali.",
		ruleBreached:     "Nessuna password comparsa in una fuga di dati.",
	}
}
