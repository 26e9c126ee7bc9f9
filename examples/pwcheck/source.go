package main

import (
	"errors"
	"net/http"
	"slices"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// source is a place to ask whether a password leaked, under the name of the
// flag that asked for it.
type source struct {
	name string
	list policy.List
}

// askRange returns the range service of Pwned Passwords, which learns five
// hexadecimal characters of each password's SHA-1.
func askRange() (policy.List, error) {
	return breach.NewRange(breach.RangeConfig{
		UserAgent: "tillkey-pwcheck/" + version(),
		Proxy:     http.ProxyFromEnvironment,
	})
}

// sources opens what the flags ask for. The caller calls close in the end.
func (p *program) sources(path string, online bool) (list []source, close func(), err error) {
	close = func() {}
	if path != "" {
		file, err := openLeaked(path)
		if err != nil {
			return nil, close, failed("the corpus cannot be used: %s", plain(err))
		}
		close = func() { file.Close() }
		list = append(list, source{"corpus", file})
	}
	if online {
		service, err := p.online()
		if err != nil {
			close()
			return nil, func() {}, failed("the online source cannot be used: %s", plain(err))
		}
		list = append(list, source{"online", service})
	}
	return list, close, nil
}

// leakedFile is a file of leaked hashes.
type leakedFile interface {
	policy.List
	Close() error
}

// openLeaked opens a corpus file, or else a text of HASH:COUNT.
func openLeaked(path string) (leakedFile, error) {
	if isCorpus(path) {
		return corpus.Open(path, corpus.OpenOptions{})
	}
	return breach.Open(path)
}

// unanswered names the sources that could not answer, each with its reason. The
// empty password is not among them: no source is ever asked about it.
func unanswered(sources []source, unchecked []policy.Unchecked) []string {
	var list []string
	for _, u := range unchecked {
		reason := "no answer"
		if e := new(breach.UncheckedError); errors.As(u.Err, &e) {
			reason = string(e.Reason)
			if e.Reason == breach.ReasonEmpty {
				continue
			}
		}
		if e := new(corpus.UncheckedError); errors.As(u.Err, &e) {
			reason = string(e.Reason)
			if e.Reason == corpus.ReasonEmpty {
				continue
			}
		}
		list = append(list, sources[u.Index].name+": "+reason)
	}
	return slices.Clip(list)
}
