package text

func french() words {
	return words{
		general: "Veuillez choisir un autre mot de passe.",

		tooShort: counted{
			one:   "Utilisez au moins {n} caractère. Quelques mots sans rapport entre eux sont faciles à retenir.",
			other: "Utilisez au moins {n} caractères. Quelques mots sans rapport entre eux sont faciles à retenir.",
		},
		tooShortAny: "Ce mot de passe est trop court. Quelques mots sans rapport entre eux sont faciles à retenir.",
		tooLong: counted{
			one:   "Ce mot de passe est trop long : utilisez {n} caractère au maximum.",
			other: "Ce mot de passe est trop long : utilisez {n} caractères au maximum.",
		},
		tooLongBytes: counted{
			one:   "Ce mot de passe est trop long : utilisez {n} octet au maximum.",
			other: "Ce mot de passe est trop long : utilisez {n} octets au maximum.",
		},
		tooLongAny:   "Ce mot de passe est trop long.",
		notText:      "Ce mot de passe contient des signes illisibles. Veuillez le saisir à nouveau.",
		tooCommon:    "Beaucoup de gens utilisent ce mot de passe ou un autre très proche : c'est l'un des premiers à être essayés. Choisissez-en un autre.",
		tooGuessable: "Ce mot de passe est facile à deviner{parts}. Ajoutez-y un ou deux mots qui n'ont rien à voir avec lui.",
		parts: parts{
			open: " (", between: ", ", end: ")",
			common:   "un mot de passe très répandu",
			word:     "un mot courant",
			name:     "un nom ou un prénom",
			place:    "un nom de lieu",
			about:    "quelque chose sur vous ou sur cette boutique",
			old:      "une partie de votre ancien mot de passe",
			turned:   "le nombre, le mois ou la saison qui suit",
			repeat:   "une répétition",
			sequence: "une suite simple",
			keyboard: "des touches voisines",
			date:     "une date",
			year:     "une année",
			reversed: "un mot courant à l'envers",
			leet:     "un mot courant avec des signes qui se ressemblent",
		},
		contextWhole:  "Ce mot de passe est fait de votre nom, de votre adresse e-mail ou du nom de la boutique : c'est ce qu'on essaie en premier. Choisissez autre chose.",
		contextPart:   "N'utilisez ni votre nom, ni votre adresse e-mail, ni le nom de la boutique : c'est ce qu'on essaie en premier.",
		breached:      "Ce mot de passe figure dans une fuite de données : des criminels le connaissent. Choisissez-en un autre, et changez-le partout où vous l'utilisez.",
		sameAsCurrent: "C'est votre mot de passe actuel. Choisissez-en un nouveau.",
		tooSimilar:    "Ce mot de passe ressemble trop à votre mot de passe actuel. Choisissez-en un qui ne s'en déduit pas.",
		reused: counted{
			one:   "Vous avez déjà utilisé ce mot de passe. Choisissez-en un qui diffère du dernier.",
			other: "Vous avez déjà utilisé ce mot de passe. Choisissez-en un qui diffère des {n} derniers.",
		},
		reusedAny:   "Vous avez déjà utilisé ce mot de passe. Choisissez-en un nouveau.",
		needsLetter: "Utilisez au moins une lettre.",
		needsDigit:  "Utilisez au moins un chiffre.",

		ruleMin:          counted{one: "Au moins {n} caractère.", other: "Au moins {n} caractères."},
		ruleMax:          counted{one: "{n} caractère au maximum.", other: "{n} caractères au maximum."},
		ruleLetter:       "Au moins une lettre.",
		ruleDigit:        "Au moins un chiffre.",
		ruleCommon:       "Pas de mot de passe que beaucoup de gens utilisent.",
		ruleContextWhole: "Pas seulement votre nom, votre adresse e-mail ou le nom de la boutique.",
		ruleContextPart:  "Sans votre nom, votre adresse e-mail ni le nom de la boutique.",
		ruleGuessable:    "Difficile à deviner : plusieurs mots sans rapport entre eux, ou beaucoup de signes au hasard.",
		ruleBreached:     "Pas de mot de passe qui figure dans une fuite de données.",
	}
}
