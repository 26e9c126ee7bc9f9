package hash

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/legacy"
)

// Config says how a Hasher makes and accepts hashes. The zero value is a good
// configuration.
type Config struct {
	// Params are the costs of new hashes. Each zero field means the field of
	// DefaultParams. Raising them makes older hashes Stale.
	Params Params

	// UnsafeAllowWeak lets Params be below what Params.Check asks for. It is
	// for tests, which would be slow otherwise, and for nothing else.
	UnsafeAllowWeak bool

	// Budget bounds memory and processors. Hashers of one process should share
	// one. Nil means a budget of its own: GOMAXPROCS hashes at once, with room
	// for the dearest stored hash that Limits allow.
	Budget *Budget

	// Foreign are the formats besides argon2id that Verify accepts, in the
	// order in which they are asked. Nil means bcrypt up to cost 16; an empty
	// slice that is not nil means none.
	Foreign []legacy.Scheme

	// Limits bound stored hashes and passwords.
	Limits Limits
}

// Hasher turns passwords into stored strings and compares them. It is immutable
// and safe for use by many goroutines at once.
type Hasher struct {
	params  Params
	limits  Limits
	budget  *Budget
	foreign []legacy.Scheme
	decoy   string // a hash with the current parameters that nothing matches
}

// New returns a Hasher. It returns a *BoundsError if the parameters are weaker
// than Params.Check allows (unless UnsafeAllowWeak is set), do not fit into the
// limits, or need more memory than the whole budget, and a plain error for a
// list of schemes with a nil value or with one name twice. It computes no hash.
func New(config Config) (*Hasher, error) {
	params := config.Params.orDefault()
	check := params.Check
	if config.UnsafeAllowWeak {
		check = params.checkShape
	}
	if err := check(); err != nil {
		return nil, fmt.Errorf("%w (parameters of new hashes)", err)
	}
	limits := config.Limits.orDefault(params)
	if err := limits.check(); err != nil {
		return nil, fmt.Errorf("%w (limits)", err)
	}
	if err := limits.checkStored(params); err != nil {
		return nil, fmt.Errorf("%w (parameters of new hashes against the limits)", err)
	}
	foreign, err := schemes(config.Foreign)
	if err != nil {
		return nil, err
	}
	budget := config.Budget
	if budget == nil {
		slots := runtime.GOMAXPROCS(0)
		bytes := max(int64(slots)*params.bytes(), int64(limits.Memory)<<10)
		if budget, err = NewBudget(BudgetConfig{Bytes: bytes, Slots: slots}); err != nil {
			return nil, err
		}
	}
	if err := budget.checkFits(params.bytes()); err != nil {
		return nil, fmt.Errorf("%w (one new hash against the whole budget)", err)
	}
	return &Hasher{
		params:  params,
		limits:  limits,
		budget:  budget,
		foreign: foreign,
		decoy:   decoyArgon2id(params),
	}, nil
}

// Params returns the parameters of new hashes.
func (h *Hasher) Params() Params { return h.params }

// Budget returns the budget in use, for its Stats or to share it.
func (h *Hasher) Budget() *Budget { return h.budget }

// String describes the hasher, such as "argon2id m=19456 t=2 p=1".
func (h *Hasher) String() string { return argon2idName + " " + h.params.String() }

func schemes(configured []legacy.Scheme) ([]legacy.Scheme, error) {
	if configured == nil {
		return []legacy.Scheme{legacy.Bcrypt{}}, nil
	}
	names := []string{argon2idName}
	for _, scheme := range configured {
		if scheme == nil {
			return nil, errors.New("hash: a foreign scheme is nil")
		}
		if slices.Contains(names, scheme.Name()) {
			return nil, fmt.Errorf("hash: there is more than one scheme named %q", scheme.Name())
		}
		names = append(names, scheme.Name())
	}
	return slices.Clone(configured), nil
}

const argon2idName = "argon2id"

// isArgon2id reports whether a stored string claims to be of our own format.
func isArgon2id(encoded string) bool {
	return len(encoded) >= len(phc.Prefix) && encoded[:len(phc.Prefix)] == phc.Prefix
}
