package generate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

func ExampleNew() {
	ctx := context.Background()
	g, err := generate.New(ctx, generate.Recipe{Policy: policy.PCI401Staff(), AvoidLookAlikes: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	password, err := g.Password(ctx)
	fmt.Println(len(password), "characters,", int(g.Bits()), "bits,", err)
	// Output: 20 characters, 116 bits, <nil>
}

func ExampleNew_passphrase() {
	ctx := context.Background()
	g, err := generate.New(ctx, generate.Recipe{
		Policy: policy.ShopCustomer(), Kind: generate.Passphrase, Language: "de", Separator: " ",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	password, err := g.Password(ctx)
	fmt.Println(len(strings.Fields(password)), "words,", int(g.Bits()), "bits,", err)
	// Output: 5 words, 64 bits, <nil>
}

// A policy that leaves too little to choose from.
func ExampleUnmetError() {
	short := policy.Policy{MaxLength: 6}
	_, err := generate.New(context.Background(), generate.Recipe{Policy: short})
	var unmet *generate.UnmetError
	if errors.As(err, &unmet) {
		fmt.Printf("%.1f bits, but %.0f are wanted\n", unmet.Bits, unmet.Want)
	}
	// Output: 35.7 bits, but 38 are wanted
}

func ExampleGenerator_Password() {
	ctx := context.Background()
	p := policy.Policy{MinLength: 24}
	g, err := generate.New(ctx, generate.Recipe{Policy: p})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		password, err := g.Password(ctx)
		fmt.Println(len(password), err, p.Preview(password).Err())
	}
	// Output:
	// 24 <nil> <nil>
	// 24 <nil> <nil>
}

func ExampleGenerator_Bits() {
	ctx := context.Background()
	for _, words := range []int{4, 5, 6} {
		g, err := generate.New(ctx, generate.Recipe{Kind: generate.Passphrase, Words: words})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d words: %d bits\n", words, int(g.Bits()))
	}
	// Output:
	// 4 words: 51 bits
	// 5 words: 64 bits
	// 6 words: 77 bits
}

func ExampleWords() {
	words, err := generate.Words("fr")
	fmt.Println(words[:3], err)
	// Output: [abaisser abandon abdiquer] <nil>
}

func ExampleLanguages() {
	fmt.Println(generate.Languages())
	// Output: [en de fr es it pt cs]
}

func ExampleNotice() {
	fmt.Println(strings.Contains(generate.Notice(), "Electronic Frontier Foundation"))
	// Output: true
}
