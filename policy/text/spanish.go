package text

func spanish() words {
	return words{
		general: "Elija otra contraseña.",

		tooShort: counted{
			one:   "Use al menos {n} carácter. Unas cuantas palabras sin relación entre sí son fáciles de recordar.",
			other: "Use al menos {n} caracteres. Unas cuantas palabras sin relación entre sí son fáciles de recordar.",
		},
		tooShortAny: "Esta contraseña es demasiado corta. Unas cuantas palabras sin relación entre sí son fáciles de recordar.",
		tooLong: counted{
			one:   "Esta contraseña es demasiado larga: use {n} carácter como máximo.",
			other: "Esta contraseña es demasiado larga: use {n} caracteres como máximo.",
		},
		tooLongBytes: counted{
			one:   "Esta contraseña es demasiado larga: use {n} byte como máximo.",
			other: "Esta contraseña es demasiado larga: use {n} bytes como máximo.",
		},
		tooLongAny:   "Esta contraseña es demasiado larga.",
		notText:      "Esta contraseña contiene signos que no se pudieron leer. Escríbala de nuevo.",
		tooCommon:    "Mucha gente usa esta contraseña u otra muy parecida, así que es de las primeras que se prueban. Elija otra.",
		tooGuessable: "Esta contraseña es fácil de adivinar{parts}. Añada una o dos palabras que no tengan nada que ver con ella.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "una contraseña que usa mucha gente",
			word:     "una palabra común",
			name:     "un nombre",
			place:    "el nombre de un lugar",
			about:    "algo sobre usted o esta tienda",
			old:      "una parte de su contraseña anterior",
			turned:   "el número, el mes o la estación siguiente",
			repeat:   "una repetición",
			sequence: "una secuencia sencilla",
			keyboard: "teclas vecinas",
			date:     "una fecha",
			year:     "un año",
			reversed: "una palabra común al revés",
			leet:     "una palabra común con signos parecidos",
		},
		contextWhole:  "Esta contraseña se compone de su nombre, su dirección de correo o el nombre de la tienda: es lo primero que se prueba. Elija otra cosa.",
		contextPart:   "No incluya su nombre, su dirección de correo ni el nombre de la tienda: es lo primero que se prueba.",
		breached:      "Esta contraseña apareció en una filtración de datos, así que los delincuentes la conocen. Elija otra y cámbiela en todos los sitios donde la use.",
		sameAsCurrent: "Esta es su contraseña actual. Elija una nueva.",
		tooSimilar:    "Esta contraseña se parece demasiado a la actual. Elija una que no se pueda deducir de ella.",
		reused: counted{
			one:   "Esta contraseña ya se usó antes. Elija una distinta de la última.",
			other: "Esta contraseña ya se usó antes. Elija una distinta de las {n} últimas.",
		},
		reusedAny:   "Esta contraseña ya se usó antes. Elija una nueva.",
		needsLetter: "Use al menos una letra.",
		needsDigit:  "Use al menos una cifra.",

		ruleMin:          counted{one: "Al menos {n} carácter.", other: "Al menos {n} caracteres."},
		ruleMax:          counted{one: "{n} carácter como máximo.", other: "{n} caracteres como máximo."},
		ruleLetter:       "Al menos una letra.",
		ruleDigit:        "Al menos una cifra.",
		ruleCommon:       "Ninguna contraseña que use mucha gente.",
		ruleContextWhole: "No solo su nombre, su dirección de correo o el nombre de la tienda.",
		ruleContextPart:  "Sin su nombre, su dirección de correo ni el nombre de la tienda.",
		ruleGuessable:    "Difícil de adivinar: varias palabras sin relación entre sí, o muchos signos al azar.",
		ruleBreached:     "Ninguna contraseña que haya aparecido en una filtración de datos.",
	}
}
