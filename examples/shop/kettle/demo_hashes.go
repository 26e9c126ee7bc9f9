package kettle

import (
	"context"
	"strconv"
	"strings"

	"github.com/tillkey/tillkey/hash"
	"golang.org/x/crypto/bcrypt"
)

// stored is how a password of the demonstration is stored at first.
type stored int

const (
	// signedUp passwords were chosen here.
	signedUp stored = iota
	// unseenBcrypt hashes are in the shop's own column, and not seen yet.
	unseenBcrypt
	// The others were imported.
	oldBcrypt
	cheapBcrypt
	weakArgon
	current
)

const (
	// bcryptCost is what most shops use.
	bcryptCost = 10
	// weakMemory is what some argon2id hashes of the past make do with, in KiB.
	weakMemory = 1024
)

// hashes makes the stored strings of the demonstration. Accounts with the same
// password stored the same way share one: no two hashes of a real shop are the
// same, but a demonstration should start at once.
type hashes struct {
	hasher *hash.Hasher
	made   map[string]string
}

// of returns the hash of an account; "" for one that signs up.
func (h hashes) of(ctx context.Context, a demoAccount) (encoded string, err error) {
	key := strconv.Itoa(int(a.Stored)) + a.Password
	if encoded, ok := h.made[key]; ok {
		return encoded, nil
	}
	switch a.Stored {
	case unseenBcrypt, oldBcrypt:
		encoded, err = bcryptOf(a.Password, bcryptCost)
	case cheapBcrypt:
		encoded, err = bcryptOf(a.Password, bcrypt.MinCost)
	case weakArgon:
		var weak *hash.Hasher
		weak, err = hash.New(hash.Config{Params: hash.Params{Memory: weakMemory, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
		if err == nil {
			encoded, err = weak.Hash(ctx, a.Password)
		}
	case current:
		encoded, err = h.hasher.Hash(ctx, a.Password)
	}
	if err == nil {
		h.made[key] = encoded
	}
	return encoded, err
}

func bcryptOf(password string, cost int) (string, error) {
	text, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	return string(text), err
}

func lower(name string) string { return strings.ToLower(name) }
