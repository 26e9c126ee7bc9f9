package text_test

import (
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/text"
)

// The reasons of a refusal, in the language of who reads them.
func ExampleTexts_Problem() {
	p := policy.ShopCustomer()
	p.Words = []string{"Tillkey"}
	texts := text.New("de-AT,de;q=0.9,en;q=0.8") // the header Accept-Language

	var refusal *policy.Refusal
	if errors.As(p.Preview("tillkey").Err(), &refusal) {
		for _, problem := range refusal.Problems {
			fmt.Println(texts.Problem(problem))
		}
	}
	// Output:
	// Verwenden Sie mindestens 15 Zeichen. Einige Wörter, die nichts miteinander zu tun haben, sind leicht zu merken.
	// Dieses Passwort besteht aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen des Shops: Das wird zuerst ausprobiert. Wählen Sie etwas anderes.
}

func ExampleTexts_Rule() {
	texts := text.New("pl")
	fmt.Println("lang:", texts.Language())
	for _, rule := range policy.PCI401Staff().Describe() {
		fmt.Println(texts.Rule(rule))
	}
	// Output:
	// lang: pl
	// Co najmniej 12 znaków.
	// Najwyżej 256 znaków.
	// Co najmniej jedna litera.
	// Co najmniej jedna cyfra.
	// Żadne hasło, którego używa wiele osób.
	// Nie tylko imię, nazwisko, adres e-mail lub nazwa sklepu.
}

func ExampleNew() {
	for _, header := range []string{"", "fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", "ja", "sw"} {
		fmt.Println(text.New(header).Rule(policy.NIST63B4().Describe()[0]))
	}
	// Output:
	// At least 15 characters.
	// Au moins 15 caractères.
	// 15文字以上です。
	// At least 15 characters.
}

// A shop that speaks languages of its own matches them itself, and takes the
// texts in the one it chose.
func ExampleFor() {
	wanted := text.Accepted("es;q=0.5, nl")
	fmt.Println(wanted)
	fmt.Println(text.For(wanted[0]).Rule(policy.NIST63B4().Describe()[0]))
	// Output:
	// [nl es]
	// Minstens 15 tekens.
}

func ExampleLanguages() {
	fmt.Println(text.Languages())
	// Output:
	// [en de fr es it nl pl pt ja zh]
}

func ExampleAccepted() {
	fmt.Println(text.Accepted("en;q=0.2, de-AT, fr;q=0.7, pl;q=0, !"))
	// Output:
	// [de-AT fr en]
}
