package text

// polish asks with "proszę", which needs neither Pan nor Pani. The noun after a
// number has three forms: 1 znak, 2 znaki, 5 znaków, 22 znaki.
func polish() words {
	return words{
		general: "Proszę wybrać inne hasło.",

		tooShort: counted{
			one:   "Hasło musi mieć co najmniej {n} znak. Kilka słów niezwiązanych ze sobą łatwo zapamiętać.",
			few:   "Hasło musi mieć co najmniej {n} znaki. Kilka słów niezwiązanych ze sobą łatwo zapamiętać.",
			many:  "Hasło musi mieć co najmniej {n} znaków. Kilka słów niezwiązanych ze sobą łatwo zapamiętać.",
			other: "Hasło musi mieć co najmniej {n} znaku. Kilka słów niezwiązanych ze sobą łatwo zapamiętać.",
		},
		tooShortAny: "To hasło jest za krótkie. Kilka słów niezwiązanych ze sobą łatwo zapamiętać.",
		tooLong: counted{
			one:   "To hasło jest za długie: może mieć najwyżej {n} znak.",
			few:   "To hasło jest za długie: może mieć najwyżej {n} znaki.",
			many:  "To hasło jest za długie: może mieć najwyżej {n} znaków.",
			other: "To hasło jest za długie: może mieć najwyżej {n} znaku.",
		},
		tooLongBytes: counted{
			one:   "To hasło jest za długie: może mieć najwyżej {n} bajt.",
			few:   "To hasło jest za długie: może mieć najwyżej {n} bajty.",
			many:  "To hasło jest za długie: może mieć najwyżej {n} bajtów.",
			other: "To hasło jest za długie: może mieć najwyżej {n} bajta.",
		},
		tooLongAny:   "To hasło jest za długie.",
		notText:      "To hasło zawiera znaki, których nie udało się odczytać. Proszę wpisać je ponownie.",
		tooCommon:    "Wiele osób używa tego hasła lub bardzo podobnego, więc jest ono sprawdzane jako jedno z pierwszych. Proszę wybrać inne.",
		tooGuessable: "To hasło łatwo odgadnąć{parts}. Proszę dodać jedno lub dwa słowa, które nie mają z nim nic wspólnego.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "hasło używane przez wiele osób",
			word:     "popularne słowo",
			name:     "imię lub nazwisko",
			place:    "nazwa miejscowości",
			about:    "coś związanego z właścicielem konta lub z tym sklepem",
			old:      "część poprzedniego hasła",
			turned:   "następna liczba, pora roku lub następny miesiąc",
			repeat:   "powtórzenie",
			sequence: "prosty ciąg",
			keyboard: "sąsiednie klawisze",
			date:     "data",
			year:     "rok",
			reversed: "popularne słowo wspak",
			leet:     "popularne słowo z podobnymi znakami",
		},
		contextWhole:  "To hasło składa się z imienia lub nazwiska, adresu e-mail albo nazwy sklepu: te są sprawdzane najpierw. Proszę wybrać coś innego.",
		contextPart:   "Proszę pominąć imię i nazwisko, adres e-mail i nazwę sklepu: te są sprawdzane najpierw.",
		breached:      "To hasło pojawiło się w wycieku danych, więc znają je przestępcy. Proszę wybrać inne i zmienić je wszędzie tam, gdzie jest jeszcze używane.",
		sameAsCurrent: "To jest obecne hasło. Proszę wybrać nowe.",
		tooSimilar:    "To hasło jest zbyt podobne do obecnego. Proszę wybrać takie, które z niego nie wynika.",
		reused: counted{
			one:   "To hasło było już używane. Proszę wybrać takie, które różni się od ostatniego.",
			few:   "To hasło było już używane. Proszę wybrać takie, które różni się od {n} ostatnich.",
			many:  "To hasło było już używane. Proszę wybrać takie, które różni się od {n} ostatnich.",
			other: "To hasło było już używane. Proszę wybrać takie, które różni się od {n} ostatnich.",
		},
		reusedAny:   "To hasło było już używane. Proszę wybrać nowe.",
		needsLetter: "Hasło musi mieć co najmniej jedną literę.",
		needsDigit:  "Hasło musi mieć co najmniej jedną cyfrę.",

		ruleMin: counted{
			one: "Co najmniej {n} znak.", few: "Co najmniej {n} znaki.",
			many: "Co najmniej {n} znaków.", other: "Co najmniej {n} znaku.",
		},
		ruleMax: counted{
			one: "Najwyżej {n} znak.", few: "Najwyżej {n} znaki.",
			many: "Najwyżej {n} znaków.", other: "Najwyżej {n} znaku.",
		},
		ruleLetter:       "Co najmniej jedna litera.",
		ruleDigit:        "Co najmniej jedna cyfra.",
		ruleCommon:       "Żadne hasło, którego używa wiele osób.",
		ruleContextWhole: "Nie tylko imię, nazwisko, adres e-mail lub nazwa sklepu.",
		ruleContextPart:  "Bez imienia, nazwiska, adresu e-mail i nazwy sklepu.",
		ruleGuessable:    "Trudne do odgadnięcia: kilka słów niezwiązanych ze sobą albo wiele losowych znaków.",
		ruleBreached:     "Żadne hasło, które pojawiło się w wycieku danych.",
	}
}
