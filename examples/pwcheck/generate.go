package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

const (
	maxCount  = 100_000
	minLength = 8 // characters
	minWords  = 3
)

type generateFlags struct {
	choice               policyChoice
	length, words, count int
	bits                 float64
	phrase               bool
	language, separator  string
	symbols, lookAlikes  bool
	json, notice         bool
}

// generated is a line of generate --json.
type generated struct {
	Password string  `json:"password"`
	Bits     float64 `json:"bits"`
}

func (p *program) generateCommand() *cobra.Command {
	var f generateFlags
	c := &cobra.Command{
		Use:   "generate",
		Short: "Make random passwords or passphrases",
		Long: `generate prints random passwords, one a line, that the policy accepts: a preset,
or a group of a policy file. How many bits each is worth at least goes to
standard error, or into the lines of --json. Lists and breach sources that a
file names are not in this program and are not asked, which standard error says.

A password is made of letters and digits that are hard to mix up; --look-alikes
adds l, I, O, 0 and 1, and --symbols some punctuation. It is as long as 112 bits
take, unless --length or --bits says otherwise.

A passphrase (--words, --passphrase, --language or --separator) is made of words
of a list, by default of EFF's long English one, with dashes between; --notice
prints who made the lists and their licences. It has as many words as 64 bits
take. A policy that needs a digit gets one at the end.`,
		Example: `  pwcheck generate
  pwcheck generate --words 5
  pwcheck generate --passphrase --language de --separator " "
  pwcheck generate --preset PCI401Staff --length 36 --count 10
  pwcheck generate --policy shop.json --group staff --json`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error { return p.generate(command, f) },
	}
	presetFlag(c, &f.choice.preset)
	f.choice.fileFlags(c)
	c.Flags().IntVar(&f.length, "length", 0, "`N` characters each")
	c.Flags().IntVar(&f.words, "words", 0, "`N` words each")
	c.Flags().BoolVar(&f.phrase, "passphrase", false, "make passphrases")
	c.Flags().StringVar(&f.language, "language", "", "take words of this `LANGUAGE`: "+strings.Join(generate.Languages(), ", "))
	c.Flags().StringVar(&f.separator, "separator", "", "put this `TEXT` between words: 1 to 4 signs, no letters or digits")
	c.Flags().Float64Var(&f.bits, "bits", 0, "make each worth `N` bits at least")
	c.Flags().BoolVar(&f.symbols, "symbols", false, "also use punctuation")
	c.Flags().BoolVar(&f.lookAlikes, "look-alikes", false, "also use what is easily mixed up: l, I, O, 0 and 1")
	c.Flags().IntVar(&f.count, "count", 1, "print `N` of them")
	c.Flags().BoolVar(&f.json, "json", false, "print lines of JSON, with the bits")
	c.Flags().BoolVar(&f.notice, "notice", false, "print the licences of the lists of words and nothing else")
	return c
}

func (p *program) generate(c *cobra.Command, f generateFlags) error {
	if f.notice {
		_, err := fmt.Fprint(p.stdout, generate.Notice())
		return err
	}
	ctx := c.Context()
	if f.count < 1 || f.count > maxCount {
		return misused("--count takes 1 to %d.", maxCount)
	}
	if f.choice.file != "" && c.Flags().Changed("preset") {
		return misused("--preset and --policy exclude each other.")
	}
	chosen, err := f.choice.one()
	if err != nil {
		return err
	}
	recipe, err := f.recipe(c.Flags().Changed, chosen)
	if err != nil {
		return err
	}
	absent := unasked(&recipe.Policy)
	g, err := generate.New(ctx, recipe)
	switch {
	case errors.Is(err, generate.ErrRecipe):
		return misused("%s.", strings.TrimPrefix(err.Error(), generate.ErrRecipe.Error()+": "))
	case errors.Is(err, generate.ErrUnmet):
		return misused("no such passwords with policy %s: %s.", chosen.name, unmet(err))
	case err != nil:
		return err
	}
	for range f.count {
		password, err := g.Password(ctx)
		if err != nil {
			return err
		}
		line := []byte(password + "\n")
		if f.json {
			line = jsonLine(generated{password, math.Floor(g.Bits()*10) / 10})
		}
		if _, err := p.stdout.Write(line); err != nil {
			return err
		}
	}
	if absent > 0 {
		fmt.Fprintf(p.stderr, "not asked: %d of the policy's lists and breach sources\n", absent)
	}
	if !f.json {
		fmt.Fprintf(p.stderr, "%d bits each\n", int(g.Bits()))
	}
	return nil
}

// recipe returns what the flags ask for.
func (f generateFlags) recipe(changed func(string) bool, c chosen) (generate.Recipe, error) {
	phrase := f.phrase || changed("words") || changed("language") || changed("separator")
	r := generate.Recipe{
		Policy: c.policy, MinBits: f.bits, Length: f.length, Symbols: f.symbols, Words: f.words,
		Language: strings.ToLower(f.language), Separator: f.separator, AvoidLookAlikes: !f.lookAlikes,
	}
	if phrase {
		r.Kind = generate.Passphrase
	}
	shortest, most := max(minLength, c.policy.MinLength), longest(c.policy)
	switch {
	case phrase && (changed("length") || f.symbols):
		return r, misused("--length and --symbols are not for passphrases.")
	case changed("length") && (f.length < shortest || f.length > most):
		return r, misused("--length takes %d to %d with policy %s.", shortest, most, c.name)
	case changed("words") && (f.words < minWords || f.words > generate.MaxWords):
		return r, misused("--words takes %d to %d.", minWords, generate.MaxWords)
	case changed("separator") && f.separator == "":
		return r, misused("--separator takes 1 to 4 signs.")
	case changed("bits") && !(f.bits >= generate.LeastBits && f.bits <= maxGeneratedBits):
		return r, misused("--bits takes %d to %d.", generate.LeastBits, maxGeneratedBits)
	}
	return r, nil
}

// maxGeneratedBits is the most that a Recipe takes.
const maxGeneratedBits = 512

// longest returns how many characters a password of a policy may have.
func longest(p policy.Policy) int {
	length, size := p.MaxLength, p.MaxBytes
	if length == 0 {
		length = policy.DefaultMaxLength
	}
	if size == 0 {
		size = policy.DefaultMaxBytes
	}
	return min(length, size)
}

// unmet says why a policy cannot be met.
func unmet(err error) string {
	return strings.TrimPrefix(err.Error(), generate.ErrUnmet.Error()+": ")
}
