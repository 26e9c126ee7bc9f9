package generate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

const (
	trials = 256 // passwords drawn to see how many the policy accepts

	// fewest of the trials must be accepted. The share is 3.5 % then at least, and
	// Password needs more than maxTries draws less than once in 10^15.
	fewest   = trials / 8
	maxTries = 1000

	// maxLeaked is the binary logarithm of how many leaked passwords are taken
	// to be known: 16 times the thousand million of Pwned Passwords.
	maxLeaked = 34
	// maxBreached is how often a leaked password is drawn again. At LeastBits
	// one in 16 can be leaked, so that many in a row come once in 10^19.
	maxBreached = 16
)

// Generator makes passwords of one recipe. It may be used from many goroutines
// at once if the lists and the estimator of the policy may.
type Generator struct {
	recipe Recipe
	form   form
	units  int
	bits   float64
}

// New works out how long the passwords of a recipe must be and what they are
// worth. It asks the policy about some hundreds of them, without Breach, which
// takes from some milliseconds up to some seconds, by the estimator and the length;
// so keep the Generator.
//
// The error wraps ErrRecipe for a mistake in the recipe, policy.ErrInvalid for
// one in the policy, ErrUnmet where the policy accepts too few passwords of
// the recipe or these are worth too little, and else the error of ctx.
func New(ctx context.Context, r Recipe) (*Generator, error) {
	if err := r.Policy.Validate(); err != nil {
		return nil, err
	}
	if err := r.validate(); err != nil {
		return nil, err
	}
	r.About = slices.Clone(r.About)
	for i, text := range r.About {
		r.About[i] = strings.Clone(text)
	}
	f, err := newForm(r)
	if err != nil {
		return nil, err
	}
	g := &Generator{recipe: r, form: f}
	if err := g.plan(ctx); err != nil {
		return nil, err
	}
	return g, nil
}

// Format hides the texts about the person from package fmt.
func (g Generator) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "generate.Generator{redacted}")
}

// LogValue hides them from package log/slog.
func (g Generator) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(g)) }

// Bits returns what each password is worth: the binary logarithm of how many
// there are to guess from, or less. See the package documentation.
func (g *Generator) Bits() float64 { return g.bits }

// Password returns a new password that the policy accepts. Show it once, to
// whom it is for, and keep only its hash.
//
// The error is that of ctx; or wraps policy.ErrUnchecked where a list could not
// answer and the policy refuses that: try again later; or wraps ErrUnmet where
// the policy refuses what it accepted when New asked: a list has changed.
func (g *Generator) Password(ctx context.Context) (string, error) {
	breached := 0
	refused := make(refusals)
	for tried := 1; tried <= maxTries; tried++ {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("generate: password: %w", err)
		}
		password := g.form.draw(g.units)
		v, err := g.check(ctx, password)
		if err != nil {
			return "", err
		}
		if len(v.Problems) == 0 {
			return password, nil
		}
		refused.add(v)
		if v.Has(policy.Breached) {
			if breached++; breached == maxBreached {
				return "", &UnmetError{Codes: refused.codes(), Tried: tried}
			}
		}
	}
	return "", &UnmetError{Codes: refused.codes(), Tried: maxTries}
}

// check asks the policy about a password. No breach source learns of one that is
// refused without it.
func (g *Generator) check(ctx context.Context, password string) (policy.Verdict, error) {
	p := g.recipe.Policy
	if len(p.Breach) > 0 {
		if v := p.Preview(password, g.recipe.About...); len(v.Problems) > 0 {
			return v, nil
		}
	}
	return p.Check(ctx, password, g.recipe.About...)
}
