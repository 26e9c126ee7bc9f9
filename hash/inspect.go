package hash

import (
	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
	"github.com/tillkey/tillkey/hash/legacy"
)

// Info describes a stored string without its salt and its key, so it may be
// logged, counted and shown.
type Info struct {
	Scheme  string // "argon2id" or "bcrypt"
	Version int    // 19 for argon2id, 0 for a format without versions
	Params  Params // of an argon2id hash, zero otherwise
	Cost    string // "m=19456 t=2 p=1" or "cost=12"
}

// String returns scheme and cost, such as "argon2id m=19456 t=2 p=1" or "bcrypt
// cost=4".
func (i Info) String() string { return i.Scheme + " " + i.Cost }

// Inspect describes a stored string. It reads every well-formed argon2id and
// bcrypt string, also one that is dearer than a Hasher would verify, and
// computes nothing. It returns an ErrFormat error or a *BoundsError for any
// other string.
func Inspect(encoded string) (Info, error) {
	if err := checkEncoded(encoded); err != nil {
		return Info{}, err
	}
	if isArgon2id(encoded) {
		stored, err := phc.Parse(encoded)
		if err != nil {
			return Info{}, err
		}
		params := paramsOf(stored)
		return Info{Scheme: argon2idName, Version: phc.Version, Params: params, Cost: params.String()}, nil
	}
	for _, scheme := range []legacy.Scheme{legacy.Bcrypt{MaxCost: 31}} {
		if scheme.Match(encoded) {
			cost, err := scheme.Inspect(encoded)
			if err != nil {
				return Info{}, err
			}
			return Info{Scheme: scheme.Name(), Cost: cost.Text}, nil
		}
	}
	return Info{}, verdict.Broken("no scheme knows its prefix")
}
