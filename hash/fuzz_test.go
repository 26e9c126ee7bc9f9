package hash_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

// cappedHasher computes only what is nearly free.
func cappedHasher(t testing.TB) *hash.Hasher {
	return newHasher(t, hash.Config{
		Limits:  hash.Limits{Memory: 16, Time: 2, Parallelism: 2, NewPassword: 64, Password: 128},
		Budget:  newBudget(t, hash.BudgetConfig{Bytes: 64 << 10}),
		Foreign: []legacy.Scheme{legacy.Bcrypt{MaxCost: 4}},
	})
}

func FuzzVerify(f *testing.F) {
	hasher := cappedHasher(f)
	f.Add(mustHash(f, hasher, "password"), "password")
	f.Add("$2b$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", decomposed)
	for _, encoded := range malformed() {
		if len(encoded) < 2048 {
			f.Add(encoded, "\xffpassword\x00")
		}
	}
	f.Fuzz(func(t *testing.T, encoded, password string) {
		err := hasher.Verify(context.Background(), encoded, password)
		if !isTyped(err) {
			t.Fatalf("%q gave %v", encoded, err)
		}
		if err == nil && hasher.Verify(context.Background(), encoded, password+"x") == nil && !strings.HasPrefix(encoded, "$2") {
			t.Fatalf("%q matches two passwords", encoded)
		}
		hasher.Stale(encoded)
		stats := hasher.Budget().Stats()
		if stats.InUse != 0 || stats.Running != 0 || stats.Peak > stats.Bytes {
			t.Fatalf("%q left %+v", encoded, stats)
		}
	})
}

func FuzzInspect(f *testing.F) {
	f.Add(good)
	f.Add("$2b$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")
	for _, encoded := range malformed() {
		if len(encoded) < 2048 {
			f.Add(encoded)
		}
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		info, err := hash.Inspect(encoded)
		if err != nil {
			if !isTyped(err) || info != (hash.Info{}) {
				t.Fatalf("%q gave %v and %v", encoded, info, err)
			}
			return
		}
		// What Inspect reports is what the string says, letter by letter.
		var head string
		switch info.Scheme {
		case "argon2id":
			p := info.Params
			head = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", info.Version, p.Memory, p.Time, p.Parallelism)
			if len(encoded) != len(head)+(int(p.SaltLength)*8+5)/6+1+(int(p.KeyLength)*8+5)/6 {
				t.Fatalf("%q does not have the lengths of %+v", encoded, p)
			}
		case "bcrypt":
			var cost int
			if _, err := fmt.Sscanf(info.Cost, "cost=%d", &cost); err != nil {
				t.Fatal(err)
			}
			head = fmt.Sprintf("%s%02d$", encoded[:4], cost)
		}
		if head == "" || !strings.HasPrefix(encoded, head) {
			t.Fatalf("%q was read as %v", encoded, info)
		}
	})
}
