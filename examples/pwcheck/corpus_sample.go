package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"
)

const maxSample = 10_000_000_000

func (p *program) corpusSampleCommand() *cobra.Command {
	var (
		in, out     string
		number      int64
		every, seed uint64
		ntlm        bool
	)
	c := &cobra.Command{
		Use:   "sample",
		Short: "Write a text of made up hashes, or of a part of a text, for tests",
		Long: `sample writes a sorted text of lines HASH:COUNT, as build reads it.

Without --in the hashes are made up: random ones, with counts as often as Pwned
Passwords has them, and among them "password" and "123456". They depend on --number
and --seed alone. With --in it writes every Nth line of a text.`,
		Example: `  pwcheck corpus sample --number 1000000 --out sample.txt
  pwcheck corpus sample --in pwned.txt --every 1000 --out sample.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			changed := command.Flags().Changed
			switch {
			case in != "" && (changed("number") || changed("seed") || ntlm):
				return misused("--number, --seed and --ntlm are not for --in.")
			case in != "" && every < 2:
				return misused("--every takes 2 or more.")
			case in == "" && changed("every"):
				return misused("--every needs --in.")
			case number < 1 || number > maxSample:
				return misused("--number takes 1 to %d.", int64(maxSample))
			}
			return p.toFile(out, func(w io.Writer) error {
				if in != "" {
					return everyLine(command.Context(), in, every, w)
				}
				return (&sampler{random: random(seed * 0xd1342543de82ef95), ntlm: ntlm}).write(command.Context(), number, w)
			})
		},
	}
	c.Flags().StringVar(&in, "in", "", "take lines of this text `FILE`")
	c.Flags().StringVarP(&out, "out", "o", "", "make this `FILE`, which must not be there; without it, standard output")
	c.Flags().Int64Var(&number, "number", 1_000_000, "make up `N` hashes, about")
	c.Flags().Uint64Var(&every, "every", 0, "take every `N`th line")
	c.Flags().Uint64Var(&seed, "seed", 1, "make up others for another `N`")
	c.Flags().BoolVar(&ntlm, "ntlm", false, "make up NTLM hashes, not SHA-1")
	return c
}

// toFile lets a function write to a new file or, without a name, to standard
// output. A file that is not complete is removed.
func (p *program) toFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return write(p.stdout)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return failed("%s cannot be made: %s", path, cause(err))
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// everyLine writes every nth line of a text.
func everyLine(ctx context.Context, path string, n uint64, w io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return failed("%s cannot be read: %s", path, cause(err))
	}
	defer f.Close()
	in, out := bufio.NewReaderSize(f, 1<<20), bufio.NewWriterSize(w, 1<<20)
	for i := uint64(1); ; i++ {
		line, err := in.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0:
			return out.Flush()
		case err == io.EOF || err == bufio.ErrBufferFull:
			return failed("%s has no line end at line %d", path, i)
		case err != nil:
			return failed("%s cannot be read: %s", path, cause(err))
		case !hashLine.Match(line):
			return failed("%s has no HASH:COUNT at line %d", path, i)
		}
		if i%(1<<16) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if i%n == 0 {
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
}
