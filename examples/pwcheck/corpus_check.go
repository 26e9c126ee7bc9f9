package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// corpusAnswer is what corpus check says of one password or hash.
type corpusAnswer struct {
	Line      int    `json:"line,omitempty"` // from 1, in a batch
	Breached  *int   `json:"breached"`       // nil: it could not be looked up
	Unchecked string `json:"unchecked,omitempty"`
}

func (a corpusAnswer) code() int {
	switch {
	case a.Breached == nil:
		return exitFailed
	case *a.Breached > 0:
		return exitBreached
	}
	return exitFine
}

func (a corpusAnswer) text(counts bool) string {
	switch {
	case a.Breached == nil:
		return "not checked: " + a.Unchecked + "\n"
	case *a.Breached == 0:
		return "not found\n"
	case !counts:
		return "found; the corpus has no counts\n"
	}
	return fmt.Sprintf("found: leaked %d times\n", *a.Breached)
}

func (p *program) corpusCheckCommand() *cobra.Command {
	var (
		path                  string
		hashes, batch, asJSON bool
	)
	c := &cobra.Command{
		Use:   "check",
		Short: "Look passwords or hashes up in a corpus file",
		Long: `check looks a password up, which is typed at a prompt or comes from standard input,
and prints how often it leaked. Whether it may be chosen says "pwcheck check".

With --batch every line of standard input is a password and gets one line of JSON,
in order. With --hashes the lines are hashes of the corpus's kind, in hexadecimal,
such as those of a directory that is to be audited.

What cannot be looked up, such as the empty password or a damaged file, ends with
exit code 4 and is never "not found".`,
		Example: `  pwcheck corpus check --corpus leaked.pwb
  pwcheck corpus check --corpus leaked.pwb --batch <passwords.txt
  pwcheck corpus check --corpus ntlm.pwb --hashes --batch <hashes.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			c, err := openCorpus(path)
			if err != nil {
				return err
			}
			defer c.Close()
			look, limit := c.Seen, policy.DefaultMaxBytes
			if hashes {
				look, limit = countOf(c), 2*c.Info().Kind.Size()
			}
			if batch {
				return p.batch(command.Context(), limit, runtime.GOMAXPROCS(0), func(ctx context.Context, number int, line string) answer {
					a := lookUp(ctx, look, line, limit)
					a.Line = number
					return answer{text: jsonLine(a), code: a.code(), err: ctx.Err()}
				})
			}
			label := "Password"
			if hashes {
				label = "Hash"
			}
			secrets, err := p.ask(command.Context(), limit, label)
			if err != nil {
				return err
			}
			a := lookUp(command.Context(), look, secrets[0], limit)
			output := []byte(a.text(c.Info().Counts))
			if asJSON {
				output = jsonLine(a)
			}
			if _, err := p.stdout.Write(output); err != nil {
				return err
			}
			return ended(a.code())
		},
	}
	corpusFlag(c, &path, "look in")
	c.Flags().BoolVar(&hashes, "hashes", false, "look up hashes, not passwords")
	c.Flags().BoolVar(&batch, "batch", false, "look up every line of standard input; implies --json")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// countOf looks up hashes in hexadecimal.
func countOf(c *corpus.Corpus) func(context.Context, string) (int, error) {
	return func(_ context.Context, text string) (int, error) {
		sum, err := hex.DecodeString(text)
		if err != nil {
			return 0, &corpus.UncheckedError{Reason: corpus.ReasonWidth}
		}
		return c.Count(sum)
	}
}

// lookUp looks up what is at most limit bytes long.
func lookUp(ctx context.Context, look func(context.Context, string) (int, error), text string, limit int) corpusAnswer {
	if len(text) > limit {
		return corpusAnswer{Unchecked: string(corpus.ReasonTooLong)}
	}
	n, err := look(ctx, text)
	if err != nil {
		reason := "no answer"
		if e := new(corpus.UncheckedError); errors.As(err, &e) {
			reason = string(e.Reason)
		}
		return corpusAnswer{Unchecked: reason}
	}
	return corpusAnswer{Breached: &n}
}
