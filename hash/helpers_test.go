package hash_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/legacy"
)

// tiny are the cheapest parameters that exist. They protect nothing.
func tiny() hash.Params {
	return hash.Params{Memory: 8, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func newHasher(t testing.TB, config hash.Config) *hash.Hasher {
	t.Helper()
	if config.Params == (hash.Params{}) {
		config.Params = tiny()
	}
	config.UnsafeAllowWeak = true
	hasher, err := hash.New(config)
	require.NoError(t, err)
	return hasher
}

func newBudget(t testing.TB, config hash.BudgetConfig) *hash.Budget {
	t.Helper()
	budget, err := hash.NewBudget(config)
	require.NoError(t, err)
	return budget
}

func mustHash(t testing.TB, hasher *hash.Hasher, password string) string {
	t.Helper()
	encoded, err := hasher.Hash(context.Background(), password)
	require.NoError(t, err)
	return encoded
}

// stored returns a well-formed argon2id string that was never computed.
func stored(p hash.Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	return phc.New(p.Memory, p.Time, p.Parallelism, salt, key).Encode()
}

func boundsParam(err error) string {
	var bounds *hash.BoundsError
	if errors.As(err, &bounds) {
		return bounds.Param
	}
	return ""
}

// gate is a foreign scheme whose strings "$gate$<KiB>$<name>" take the given
// memory and are computed until somebody sends to open. It never matches.
type gate struct {
	begun chan string // gets the name of each computation that begins
	open  chan struct{}
}

func newGate() gate {
	return gate{begun: make(chan string, 1024), open: make(chan struct{})}
}

func gateString(kib int, name string) string { return fmt.Sprintf("$gate$%d$%s", kib, name) }

func (gate) Name() string              { return "gate" }
func (gate) Match(encoded string) bool { return strings.HasPrefix(encoded, "$gate$") }

func (gate) Inspect(encoded string) (legacy.Cost, error) {
	size, _, _ := strings.Cut(strings.TrimPrefix(encoded, "$gate$"), "$")
	kib, err := strconv.Atoi(size)
	if err != nil {
		return legacy.Cost{}, legacy.ErrFormat
	}
	return legacy.Cost{Memory: int64(kib) << 10, Text: "kib=" + size}, nil
}

func (g gate) Verify(encoded string, _ []byte) error {
	g.begun <- encoded[strings.LastIndexByte(encoded, '$')+1:]
	<-g.open
	return legacy.ErrMismatch
}

// recorder is a foreign scheme that keeps every password it is given.
type recorder struct {
	mu    sync.Mutex
	tried []string
	match string // the only password that matches
}

func (*recorder) Name() string                        { return "recorder" }
func (*recorder) Match(encoded string) bool           { return encoded == "$recorder$" }
func (*recorder) Inspect(string) (legacy.Cost, error) { return legacy.Cost{Text: "none"}, nil }

func (r *recorder) Verify(_ string, password []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried = append(r.tried, string(password))
	if string(password) == r.match {
		return nil
	}
	return legacy.ErrMismatch
}
