package legacy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

const (
	bcryptLength  = 60 // "$2b$12$", 22 characters of salt, 31 of hash
	bcryptHeader  = 7
	bcryptMinCost = 4
	bcryptMaxCost = 31

	// bcryptDefaultCap is the dearest cost accepted by default: 2^16 rounds
	// are seconds of one core. Costs up to 15 are seen in stored data.
	bcryptDefaultCap = 16

	// bcryptMemory is the Blowfish state: 4 KiB of S-boxes, 72 bytes of P-array
	// and the copies made around them, rounded up.
	bcryptMemory = 8 << 10
)

const bcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// Bcrypt verifies bcrypt strings with the prefixes $2a$, $2b$ and $2y$, which
// name the same function. Strings of $2x$ come from an old implementation that
// read bytes above 0x7f wrongly; they are not matched, because computing them
// the right way would refuse the right password.
//
// As every bcrypt does, it reads the first 72 bytes of a password and ignores
// the rest. A password with a NUL byte never matches: C implementations stop
// reading there, so such a hash belongs to another, shorter password. The work
// is done all the same, so that the answer takes its usual time.
//
// The zero value is ready to use.
type Bcrypt struct {
	// MaxCost is the highest accepted cost, 4 to 31. Zero means 16. Each step
	// doubles the time, so a hostile row with cost 31 would run for days.
	MaxCost int
}

// Name returns "bcrypt".
func (Bcrypt) Name() string { return "bcrypt" }

// Match reports whether the string begins with $2a$, $2b$ or $2y$.
func (Bcrypt) Match(encoded string) bool {
	return strings.HasPrefix(encoded, "$2a$") || strings.HasPrefix(encoded, "$2b$") || strings.HasPrefix(encoded, "$2y$")
}

// Inspect returns the cost, such as "cost=12". It returns an ErrFormat error if
// the string is not exactly 60 characters of the right shape, and a *BoundsError
// if the cost is below 4 or above MaxCost.
func (b Bcrypt) Inspect(encoded string) (Cost, error) {
	cost, err := b.cost(encoded)
	if err != nil {
		return Cost{}, err
	}
	return Cost{Memory: bcryptMemory, Text: fmt.Sprintf("cost=%d", cost)}, nil
}

// Verify compares the first 72 bytes of password with the stored string. It
// returns nil, ErrMismatch, or what Inspect returns.
func (b Bcrypt) Verify(encoded string, password []byte) error {
	if _, err := b.cost(encoded); err != nil {
		return err
	}
	err := bcrypt.CompareHashAndPassword([]byte(encoded), password)
	switch {
	case err == nil && bytes.IndexByte(password, 0) < 0:
		return nil
	case err == nil, errors.Is(err, bcrypt.ErrMismatchedHashAndPassword):
		return ErrMismatch
	default:
		return verdict.Broken("bcrypt refused the stored string")
	}
}

func (b Bcrypt) cost(encoded string) (int, error) {
	if !b.Match(encoded) {
		return 0, verdict.Broken("bcrypt prefix is not $2a$, $2b$ or $2y$")
	}
	if len(encoded) != bcryptLength {
		return 0, verdict.Broken("a bcrypt string is not 60 characters long")
	}
	tens, ones := encoded[4]-'0', encoded[5]-'0'
	if tens > 9 || ones > 9 || encoded[6] != '$' {
		return 0, verdict.Broken("bcrypt cost is not two digits")
	}
	for i := bcryptHeader; i < bcryptLength; i++ {
		if strings.IndexByte(bcryptAlphabet, encoded[i]) < 0 {
			return 0, verdict.Broken("bcrypt salt or hash has a foreign character")
		}
	}
	cost := int(tens)*10 + int(ones)
	if err := verdict.Within(ParamBcryptCost, "", uint64(cost), bcryptMinCost, b.maxCost()); err != nil {
		return 0, err
	}
	return cost, nil
}

func (b Bcrypt) maxCost() uint64 {
	if b.MaxCost <= 0 {
		return bcryptDefaultCap
	}
	return uint64(min(b.MaxCost, bcryptMaxCost))
}
