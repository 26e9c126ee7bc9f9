package policy_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/policy"
)

func ExamplePolicy_Check() {
	p := policy.ShopCustomer()
	p.Words = []string{"Tillkey"}

	for _, password := range []string{"Summer2026!Summer2026!", "Tillkey-maria-2026", "winter harbor nine zebra"} {
		verdict, err := p.Check(context.Background(), password, "maria.lopez@shop.example")
		if err != nil {
			fmt.Println("not the password's fault, try again:", err)
			return
		}
		var refusal *policy.Refusal
		if errors.As(verdict.Err(), &refusal) {
			fmt.Println(refusal.Problems[0].Text)
			continue
		}
		fmt.Println("welcome")
	}
	// Output:
	// Many people use this password or one much like it, so it is among the first to be tried. Choose another one.
	// This password is made of your name, your e-mail address or the name of the shop: they are tried first. Choose something else.
	// welcome
}

// All problems come at once, with codes and parameters to translate by.
func ExampleVerdict() {
	p := policy.PCI401Staff()
	p.Words = []string{"Tillkey"}
	verdict := p.Preview("tillkey")
	for _, problem := range verdict.Problems {
		fmt.Println(problem.Code, problem.Params)
	}
	fmt.Println("score", verdict.Score, "of 4")
	// Output:
	// too_short map[length:7 min:12]
	// needs_digit map[]
	// contains_context map[match:whole]
	// score 1 of 4
}

// Preview serves a meter that moves while the customer types.
func ExamplePolicy_Preview() {
	p := policy.ShopCustomer()
	for _, typed := range []string{"winter", "winter harbor", "winter harbor nine"} {
		verdict := p.Preview(typed)
		fmt.Println(verdict.Score, verdict.Has(policy.TooShort))
	}
	// Output:
	// 1 true
	// 4 true
	// 4 false
}

func ExamplePolicy_Describe() {
	for _, rule := range policy.PCI401Staff().Describe() {
		fmt.Println(rule.Code, "-", rule.Text)
	}
	// Output:
	// too_short - At least 12 characters.
	// too_long - At most 256 characters.
	// needs_letter - At least one letter.
	// needs_digit - At least one digit.
	// too_common - No password that many people use.
	// contains_context - Not just your name, your e-mail address or the name of the shop.
}

func ExamplePolicy_PasswordRules() {
	fmt.Printf("<input type=password autocomplete=new-password passwordrules=%q>\n", policy.NIST63B4().PasswordRules())
	// Output:
	// <input type=password autocomplete=new-password passwordrules="minlength: 15; maxlength: 256;">
}

func ExamplePolicy_Caps() {
	codePoints, bytes := policy.NIST63B4().Caps()
	fmt.Println(codePoints, bytes)
	// Output: 256 1024
}

func ExamplePolicy_Validate() {
	p := policy.ASVS5()
	p.MaxLength = 6
	fmt.Println(p.Validate())
	// Output:
	// policy: invalid policy: MinLength 8 is above MaxLength 6
}

func ExamplePreset() {
	p, err := policy.Preset("nist63b4")
	fmt.Println(p.Name, p.MinLength, err)
	_, err = policy.Preset("strong")
	fmt.Println(err)
	// Output:
	// NIST63B4 15 <nil>
	// policy: no preset "strong", want one of NIST63B4, PCI401Staff, ASVS5, ShopCustomer, ShopStaff
}

func ExampleNewList() {
	p := policy.ShopStaff()
	p.Lists = append(p.Lists, policy.NewList("forklift", "blue warehouse"))
	for _, password := range []string{"F0rklift2026forklift", "blue warehouse 123456", "the blue warehouse at noon"} {
		fmt.Println(p.Preview(password).Has(policy.TooCommon))
	}
	// Output:
	// true
	// true
	// false
}

func ExampleSimilar() {
	fmt.Println(policy.Similar("winter harbor 2025", "Winter-Harbor-2026!"))
	fmt.Println(policy.Similar("Summer2026!", "Autumn2026!"))
	fmt.Println(policy.Similar("winter harbor 2025", "seven velvet turtles"))
	// Output:
	// true
	// true
	// false
}

func ExampleNormalize() {
	typed := "cafe\u0301 zebra" // e and an accent, as some keyboards send it
	fmt.Println(len(typed), len(policy.Normalize(typed)))
	fmt.Println(policy.Normalize(typed) == "caf\u00e9 zebra")
	// Output:
	// 12 11
	// true
}

func ExampleEntropy() {
	for _, password := range []string{"abababababababab", "winter harbor nine zebra"} {
		fmt.Printf("10^%.0f guesses\n", policy.Entropy().GuessesLog10(password))
	}
	// Output:
	// 10^4 guesses
	// 10^36 guesses
}

func ExampleNewProblem() {
	// What this package cannot know, the caller adds in the same form.
	verdict := policy.ShopCustomer().Preview("winter harbor nine zebra")
	verdict.Problems = append(verdict.Problems, policy.NewProblem(policy.Reused, map[string]any{"history": 4}))
	fmt.Println(verdict.Err())
	fmt.Println(verdict.Problems[0].Text)
	// Output:
	// policy: password refused: reused
	// You have used this password before. Choose one that differs from your last 4.
}
