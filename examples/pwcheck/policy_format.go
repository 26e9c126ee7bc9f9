package main

import (
	"github.com/spf13/cobra"
)

// format is how a command writes what it found: as text unless a flag says
// otherwise.
type format struct{ json, markdown bool }

func (f *format) flags(c *cobra.Command) {
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	c.Flags().BoolVar(&f.markdown, "markdown", false, "print Markdown")
}

// write writes what the flags ask for.
func (p *program) write(f format, value any, markdown, text func() string) error {
	var output []byte
	switch {
	case f.json && f.markdown:
		return misused("--json and --markdown exclude each other.")
	case f.json:
		output = jsonLine(value)
	case f.markdown:
		output = []byte(markdown())
	default:
		output = []byte(text())
	}
	_, err := p.stdout.Write(output)
	return err
}
