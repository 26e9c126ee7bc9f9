package storetest

import (
	"crypto/rand"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// start is the moment at which every law begins.
func start() time.Time { return time.Date(2030, 1, 2, 3, 4, 5, 678901000, time.UTC) }

// at is some microseconds after start.
func at(micros int) time.Time { return start().Add(time.Duration(micros) * time.Microsecond) }

// ring seals real values, since a Store reads the key ids in them.
type ring struct {
	t   *testing.T
	r   *keyring.Ring
	ids []string
}

// newRing makes a ring of n keys.
func newRing(t *testing.T, n int) ring {
	t.Helper()
	keys := make([]keyring.Key, n)
	ids := make([]string, n)
	for i := range keys {
		keys[i] = keyring.NewKey()
		ids[i] = keys[i].ID
	}
	r, err := keyring.New("storetest", keys...)
	require.NoError(t, err)
	return ring{t, r, ids}
}

// seal seals n bytes for an account under the key with that index.
func (r ring) seal(key int, account string, n int) string {
	r.t.Helper()
	sealed, err := r.r.Seal(r.ids[key], keyring.Context{Purpose: "storetest", Account: account}, make([]byte, n))
	require.NoError(r.t, err)
	return sealed
}

// bare is a row of an account and nothing else.
func bare(account string) rotate.Credential { return rotate.Credential{Account: account} }

// full is a row in which every field has a value, and a large one where size
// can matter. It is sealed under the first key alone.
func (r ring) full(account string) rotate.Credential {
	r.t.Helper()
	c := rotate.Credential{
		Account:    account,
		Group:      "läden/" + strings.Repeat("g", rotate.MaxGroupBytes-len("läden/")),
		Password:   r.seal(0, account, 500),
		Format:     "argon2id m=19456 t=2 p=1",
		PolicyName: "ShopCustomer 'strict' \\ \"ß\" %_",
		Adopted:    true,
		// What is looked up by an index may have 255 bytes.
		PolicyFingerprint: "p1:" + strings.Repeat("ß", 126),
		Unmet:             time.Unix(0, 1000).UTC(),
		// The first moments that a Unix clock and a Go clock know are no zero times.
		Created:    time.Unix(0, 0).UTC(),
		Changed:    time.Unix(0, -1000).UTC(),
		SignedIn:   time.Date(1970, 1, 1, 0, 0, 0, 1000, time.UTC),
		Epoch:      1<<53 - 1,
		ClearedSeq: math.MaxInt64,
		Forced: &rotate.Forced{
			Reason: rotate.Compromise, Proof: rotate.ProofOutOfBand,
			Since: at(1), By: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		},
		Reminded:        rotate.Reminded{By: at(2), Before: 14 * 24 * time.Hour},
		Recheck:         true,
		PasswordGuesses: rotate.Counter{Total: math.MaxInt32, Recent: 9, Until: at(3)},
		CodeGuesses:     rotate.Counter{Total: 100, Recent: math.MaxInt32, Until: at(4)},
		Factor:          &rotate.Factor{ID: rand.Text(), Seed: r.seal(0, account, 64), Step: math.MaxInt64, Since: at(5)},
		Pending:         &rotate.Factor{ID: rand.Text(), Seed: r.seal(0, account, 64), Step: 1, Since: at(6)},
	}
	// Lists are as long as the rules of rotate let them grow, and not sorted.
	for i := range 10 {
		var sum totp.Sum
		rand.Read(sum[:])
		c.Recovery = append(c.Recovery, sum)
		c.Recovery[i][0] = byte(255 - i)
	}
	for i := range 64 {
		c.Retired = append(c.Retired, rotate.Retired{
			Password: r.seal(0, account, 100), At: at(-i), Until: at(1000 + i%7), Burned: i%2 == 0,
		})
	}
	for i := range 32 {
		c.Spent = append(c.Spent, rotate.Spent{Nonce: rand.Text(), Until: at(i % 5)})
		c.Ended = append(c.Ended, rotate.Ended{ID: strings.Repeat("E", i+1), Until: at(i)})
	}
	return c
}

// event is an event of an account that happened some microseconds after start.
func event(account string, micros int) rotate.Event {
	return rotate.Event{ID: rand.Text(), At: at(micros), Kind: rotate.PasswordChanged, Account: account}
}

// fullEvent is an event in which every field has a value.
func fullEvent(account string) rotate.Event {
	return rotate.Event{
		ID: rand.Text(), At: at(7), Kind: rotate.OrderPlaced, Account: account,
		Reason: rotate.PolicyRaised, By: at(8), Order: rotate.ID(rand.Text()),
		Actor: "staff-Ä 'x' \\", Left: 9, Key: keyring.NewKey().ID, To: "to " + account[:min(len(account), 8)],
	}
}

// fullOrder is an order in which every field has a value. A Store does not
// judge whether they go together.
func fullOrder(seq int64, account string) rotate.Order {
	return rotate.Order{
		ID: rotate.ID(rand.Text()), Seq: seq, At: at(int(seq)),
		Group: "store-17/Kunden 'ä' %_\\", Account: account, Before: time.Unix(0, 0).UTC(),
		Reason: rotate.PolicyRaised, Proof: rotate.ProofOutOfBand, Grace: 90*24*time.Hour + time.Microsecond,
		EndSessions: true, Actor: "staff-1", Note: "\"Grüße\"; -- \\ ' 😀",
		Expect: 1_000_000, Concerned: math.MaxInt32, Withdraws: rotate.ID(rand.Text()),
	}
}

// order is the least order of an account, or of everybody.
func order(seq int64, account string) rotate.Order {
	return rotate.Order{ID: rotate.ID(rand.Text()), Seq: seq, At: at(int(seq)), Account: account, Reason: rotate.PolicyRaised}
}

// keyState is the state of a new key, added some microseconds after start.
func keyState(micros int) rotate.KeyState {
	return rotate.KeyState{ID: keyring.NewKey().ID, Canary: "canary", Added: at(micros)}
}
