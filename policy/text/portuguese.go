package text

// portuguese is that of Brazil, which CLDR takes for "pt" too.
func portuguese() words {
	return words{
		general: "Escolha outra senha.",

		tooShort: counted{
			one:   "Use pelo menos {n} caractere. Algumas palavras sem relação entre si são fáceis de lembrar.",
			other: "Use pelo menos {n} caracteres. Algumas palavras sem relação entre si são fáceis de lembrar.",
		},
		tooShortAny: "Esta senha é curta demais. Algumas palavras sem relação entre si são fáceis de lembrar.",
		tooLong: counted{
			one:   "Esta senha é longa demais: use no máximo {n} caractere.",
			other: "Esta senha é longa demais: use no máximo {n} caracteres.",
		},
		tooLongBytes: counted{
			one:   "Esta senha é longa demais: use no máximo {n} byte.",
			other: "Esta senha é longa demais: use no máximo {n} bytes.",
		},
		tooLongAny:   "Esta senha é longa demais.",
		notText:      "Esta senha contém sinais que não puderam ser lidos. Digite-a novamente.",
		tooCommon:    "Muitas pessoas usam esta senha ou outra muito parecida, por isso ela está entre as primeiras a serem tentadas. Escolha outra.",
		tooGuessable: "Esta senha é fácil de adivinhar{parts}. Acrescente uma ou duas palavras que não tenham nada a ver com ela.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "uma senha que muita gente usa",
			word:     "uma palavra comum",
			name:     "um nome",
			place:    "o nome de um lugar",
			about:    "algo sobre você ou sobre esta loja",
			old:      "uma parte da sua senha anterior",
			turned:   "o número, o mês ou a estação seguinte",
			repeat:   "uma repetição",
			sequence: "uma sequência simples",
			keyboard: "teclas vizinhas",
			date:     "uma data",
			year:     "um ano",
			reversed: "uma palavra comum ao contrário",
			leet:     "uma palavra comum com sinais parecidos",
		},
		contextWhole:  "Esta senha é feita do seu nome, do seu endereço de e-mail ou do nome da loja: é o que se tenta primeiro. Escolha outra coisa.",
		contextPart:   "Não inclua seu nome, seu endereço de e-mail nem o nome da loja: é o que se tenta primeiro.",
		breached:      "Esta senha apareceu em um vazamento de dados, portanto criminosos a conhecem. Escolha outra e troque-a em todos os lugares onde a usa.",
		sameAsCurrent: "Esta é a sua senha atual. Escolha uma nova.",
		tooSimilar:    "Esta senha é parecida demais com a atual. Escolha uma que não decorra dela.",
		reused: counted{
			one:   "Você já usou esta senha. Escolha uma diferente da última.",
			other: "Você já usou esta senha. Escolha uma diferente das últimas {n}.",
		},
		reusedAny:   "Você já usou esta senha. Escolha uma nova.",
		needsLetter: "Use pelo menos uma letra.",
		needsDigit:  "Use pelo menos um algarismo.",

		ruleMin:          counted{one: "Pelo menos {n} caractere.", other: "Pelo menos {n} caracteres."},
		ruleMax:          counted{one: "No máximo {n} caractere.", other: "No máximo {n} caracteres."},
		ruleLetter:       "Pelo menos uma letra.",
		ruleDigit:        "Pelo menos um algarismo.",
		ruleCommon:       "Nenhuma senha que muitas pessoas usem.",
		ruleContextWhole: "Não apenas seu nome, seu endereço de e-mail ou o nome da loja.",
		ruleContextPart:  "Sem seu nome, seu endereço de e-mail ou o nome da loja.",
		ruleGuessable:    "Difícil de adivinhar: várias palavras sem relação entre si, ou muitos sinais aleatórios.",
		ruleBreached:     "Nenhuma senha que tenha aparecido em um vazamento de dados.",
	}
}
