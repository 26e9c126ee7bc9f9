package kettle

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// corpusFile is a file of leaked passwords.
type corpusFile interface {
	policy.List
	io.Closer
}

// openCorpus opens a corpus file, as pwcheck makes it, or a sorted text.
func openCorpus(path string) (corpusFile, error) {
	begin := make([]byte, 4)
	if f, err := os.Open(path); err == nil {
		_, _ = io.ReadFull(f, begin) // what is shorter is no corpus file
		f.Close()
	}
	if string(begin) == "PWB1" {
		c, err := corpus.Open(path, corpus.OpenOptions{})
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	f, err := breach.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// renewEvery is how often the shop looks for a newer corpus file.
const renewEvery = time.Minute

// renewCorpus takes a newer corpus file once one is in the place of the old.
// A text stays as it is.
func (s *Shop) renewCorpus(ctx context.Context) {
	c, ok := s.corpus.(*corpus.Corpus)
	if !ok {
		return
	}
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := c.Reload(); err != nil {
			s.log.Error("corpus", "error", err)
		}
	}
}
