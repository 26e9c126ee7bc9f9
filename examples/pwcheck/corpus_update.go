package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// updateFlags are those of corpus update.
type updateFlags struct {
	path, url, agent string
	parallel, least  int
	corpusOptions
}

func (p *program) corpusUpdateCommand() *cobra.Command {
	var f updateFlags
	c := &cobra.Command{
		Use:   "update",
		Short: "Download a corpus, or bring one up to date",
		Long: `update asks Pwned Passwords, or a mirror, for each of the 1,048,576 ranges of hashes
and makes or renews a corpus file. The first time it downloads all, tens of
gigabytes; later only the ranges that changed.

Beside FILE it keeps FILE.sync, which says what was downloaded, and while it runs
FILE.updating. If it is stopped, run it again: it goes on where it was. The corpus is
replaced only when every range was answered without doubt.

--user-agent says who you are and whom to write to. A million requests should not
come from nobody. --url names a mirror, such as "pwcheck corpus serve" is; http is
for loopback addresses only. Proxies come from the environment.

What the corpus keeps is said when it is made; later those flags must be left out
or agree. Counts are kept unless --no-counts is given.`,
		Example: `  pwcheck corpus update --corpus leaked.pwb --user-agent "shop.example (it@shop.example)"
  pwcheck corpus update --corpus ntlm.pwb --ntlm --bits 32 --user-agent "shop.example"
  pwcheck corpus update --corpus leaked.pwb --url https://mirror.shop.example --user-agent shop`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return p.corpusUpdate(c.Context(), f) },
	}
	corpusFlag(c, &f.path, "make or renew")
	c.Flags().StringVar(&f.url, "url", "", "ask the mirror at this `URL`, not Pwned Passwords")
	c.Flags().StringVar(&f.agent, "user-agent", "", "`TEXT` that names you to the service")
	c.Flags().IntVar(&f.parallel, "parallel", 0, "ask for `N` ranges at once, 1 to 64 (default 16)")
	c.Flags().IntVar(&f.least, "min-rows", 0, "refuse ranges of fewer than `N` rows; -1 takes empty ones (default 100 if it is whole, else 1)")
	f.flags(c)
	return c
}

func (p *program) corpusUpdate(ctx context.Context, f updateFlags) error {
	switch {
	case f.path == "":
		return misused("--corpus needs a file.")
	case f.agent == "":
		return misused("--user-agent is missing: say who you are and whom to write to.")
	case f.parallel < 0 || f.parallel > 64:
		return misused("--parallel takes 1 to 64.")
	}
	options, err := f.options(true)
	if err != nil {
		return err
	}
	// What is wrong with the file says Update.
	if old, err := corpus.Open(f.path, corpus.OpenOptions{Access: corpus.Read}); err == nil {
		counts := old.Info().Counts
		old.Close()
		if counts && f.noCounts {
			return misused("--no-counts contradicts the corpus, which has counts.")
		}
		options.Counts = f.counts || counts
	}
	shown := p.progress(f.progress)
	options.Progress = shown.callback()
	report, err := corpus.Update(ctx, f.path, corpus.UpdateConfig{
		Options: options, BaseURL: f.url, UserAgent: f.agent, Parallel: f.parallel, MinRows: f.least, Transport: p.updateTransport(),
	})
	shown.end()
	if err != nil {
		if ctx.Err() != nil {
			fmt.Fprintln(p.stderr, "the answers so far are kept beside the corpus: run update again to go on")
		}
		return corpusFailure(err)
	}
	r := newCorpusReport(f.path, report.Info).built(report.Report)
	r.Ranges, r.Changed, r.Resumed, r.Received = &report.Ranges, &report.Changed, &report.Resumed, &report.Received
	return p.writeCorpus(r, f.json)
}

// updateTransport returns what sends the requests of an update.
func (p *program) updateTransport() http.RoundTripper {
	if p.transport != nil {
		return p.transport
	}
	t := corpus.NewTransport()
	t.Proxy = http.ProxyFromEnvironment
	return t
}
