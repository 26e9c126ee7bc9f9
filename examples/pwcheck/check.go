package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

const (
	defaultPreset = "ShopCustomer"

	// The bounds within which a Policy looks at what it is told about a person.
	maxAbout      = 32
	maxAboutBytes = 256

	// onlineWorkers wait for the network most of the time. The range client
	// allows 64 requests at once.
	onlineWorkers = 16

	// ratedBytes hold the 128 code points that package strength searches.
	ratedBytes = 512
)

type checkFlags struct {
	choice              policyChoice
	corpus              string
	about               []string
	online, json, batch bool
}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check",
		Short: "Say whether a password may be chosen",
		Long: `check says whether a password may be chosen under a policy: how many guesses it
would take, and everything that is wrong with it at once. The policy is a preset,
or a group of a policy file; lists and breach sources that a file names are not in
this program and are not asked, which standard error says.

The password is typed at the prompt, or is all of standard input but for one
line end. The score sums up the guesses: below 10^3 it is 0, below 10^6 1, below
10^8 2, below 10^10 3, else 4.

With --batch every line of standard input is a password, the empty one too, and
gets one line of JSON, in order; lines end with LF or CRLF.

Leaks are only looked up where a source is named. A source that cannot answer is
an error and never "not breached": exit code 4, and the JSON has a field
"unchecked" that names it. Otherwise "breached" is the count, or null if no
source was asked.

--corpus reads a corpus file, as "pwcheck corpus" makes it, or a sorted file of lines
SHA1:COUNT, as the downloaders of Pwned Passwords write it. --online asks the
service of Pwned Passwords; it learns five hexadecimal characters of the password's
SHA-1 and your address.`,
		Example: `  pwcheck check
  pwcheck check --preset ShopStaff --about ann.lee@shop.example --about "Ann Lee"
  pwcheck check --policy shop.json --group staff
  pwcheck check --json --online <password.txt
  pwcheck check --batch --corpus leaked.pwb <passwords.txt >verdicts.ndjson`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			if f.choice.file != "" && command.Flags().Changed("preset") {
				return misused("--preset and --policy exclude each other.")
			}
			return p.check(command.Context(), f)
		},
	}
	presetFlag(c, &f.choice.preset)
	f.choice.fileFlags(c)
	c.Flags().StringArrayVar(&f.about, "about", nil, "`TEXT` about the person: e-mail, name; may be repeated")
	c.Flags().StringVar(&f.corpus, "corpus", "", "look the password up in this `FILE` of leaked hashes")
	c.Flags().BoolVar(&f.online, "online", false, "ask Pwned Passwords over the network")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	c.Flags().BoolVar(&f.batch, "batch", false, "check every line of standard input; implies --json")
	return c
}

func presetFlag(c *cobra.Command, name *string) {
	c.Flags().StringVar(name, "preset", defaultPreset, "`NAME` of the policy, in any case: "+strings.Join(policy.Presets(), ", "))
}

// preset returns a policy by its name, rated by package strength. The error does
// not repeat the name.
func preset(name string) (policy.Policy, error) {
	found, err := policy.Preset(name)
	if err != nil {
		return policy.Policy{}, misused("no such preset. Presets: %s.", strings.Join(policy.Presets(), ", "))
	}
	found.Estimator = strength.Estimator{}
	return found, nil
}

func (p *program) check(ctx context.Context, f checkFlags) error {
	c, close, err := p.checker(f)
	if err != nil {
		return err
	}
	defer close()
	if f.batch {
		workers := runtime.GOMAXPROCS(0)
		if f.online {
			workers = max(workers, onlineWorkers)
		}
		return p.batch(ctx, c.limit(), workers, c.answer)
	}
	secrets, err := p.ask(ctx, c.limit(), "Password")
	if err != nil {
		return err
	}
	r, err := c.check(ctx, secrets[0])
	if err != nil {
		return err
	}
	output := []byte(r.text())
	if f.json {
		output = r.json()
	}
	if _, err := p.stdout.Write(output); err != nil {
		return err
	}
	return ended(r.code())
}

// checker judges passwords under one policy, with the sources that its Breach
// lists come from.
type checker struct {
	policy  policy.Policy
	sources []source
	about   []string
}

func (p *program) checker(f checkFlags) (checker, func(), error) {
	choice, err := f.choice.one()
	if err != nil {
		return checker{}, nil, err
	}
	chosen := choice.policy
	if len(f.about) > maxAbout {
		return checker{}, nil, misused("--about may be given %d times.", maxAbout)
	}
	for _, text := range f.about {
		if len(text) > maxAboutBytes {
			return checker{}, nil, misused("--about takes at most %d bytes.", maxAboutBytes)
		}
	}
	sources, close, err := p.sources(f.corpus, f.online)
	if err != nil {
		return checker{}, nil, err
	}
	if absent := unasked(&chosen); absent > 0 {
		fmt.Fprintf(p.stderr, "not asked: %d of the policy's lists and breach sources\n", absent)
	}
	chosen.Lists = slices.DeleteFunc(slices.Clone(chosen.Lists), isAbsent)
	chosen.Breach = nil
	for _, s := range sources {
		chosen.Breach = append(chosen.Breach, s.list)
	}
	return checker{policy: chosen, sources: sources, about: f.about}, close, nil
}

// limit returns the bytes of a password from which on nothing more of it need
// be known.
func (c checker) limit() int {
	if c.policy.MaxBytes > 0 {
		return c.policy.MaxBytes
	}
	return policy.DefaultMaxBytes
}

// check judges one password. The error is that of ctx.
func (c checker) check(ctx context.Context, password string) (report, error) {
	v, err := c.policy.Check(ctx, password, c.about...)
	if err != nil {
		return report{}, err
	}
	if v.Has(policy.TooLong) || v.Has(policy.NotText) {
		v.GuessesLog10, v.Score = c.rate(password)
	}
	r := report{
		Score:        v.Score,
		GuessesLog10: v.GuessesLog10,
		Breached:     v.Breached,
		Problems:     v.Problems,
		Unchecked:    unanswered(c.sources, v.Unchecked),
	}
	if len(r.Unchecked) > 0 && r.Breached != nil && *r.Breached == 0 {
		r.Breached = nil // one source has not seen it, another might have
	}
	r.OK = r.code() == exitFine
	return r, nil
}

// rate rates a password that its policy did not look into, by its beginning.
func (c checker) rate(password string) (guessesLog10 float64, score int) {
	text := strings.ToValidUTF8(cut(password, ratedBytes), "\uFFFD")
	v := policy.Policy{Estimator: c.policy.Estimator, MaxLength: 1024, MaxBytes: 4096}.Preview(text)
	return v.GuessesLog10, v.Score
}

func (c checker) answer(ctx context.Context, number int, line string) answer {
	r, err := c.check(ctx, line)
	r.Line = number
	return answer{text: r.json(), code: r.code(), err: err}
}
