package hash_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func Example() {
	ctx := context.Background()
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}

	// Sign-up.
	stored, err := hasher.Hash(ctx, "correct horse battery staple")
	if err != nil {
		log.Fatal(err)
	}

	// Login.
	err = hasher.Verify(ctx, stored, "correct horse battery staple")
	switch {
	case err == nil && hasher.Stale(stored):
		fmt.Println("welcome, and the hash is due for a new one")
	case err == nil:
		fmt.Println("welcome")
	case errors.Is(err, hash.ErrMismatch):
		fmt.Println("wrong name or password")
	case errors.Is(err, hash.ErrOverloaded):
		fmt.Println("try again later")
	default:
		fmt.Println("report:", err)
	}
	// Output: welcome
}

func ExampleNew() {
	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: 512 << 20})
	if err != nil {
		log.Fatal(err)
	}
	hasher, err := hash.New(hash.Config{
		Params:  hash.Params{Memory: 47104, Time: 1},
		Budget:  budget,
		Foreign: []legacy.Scheme{legacy.Bcrypt{MaxCost: 13}},
	})
	fmt.Println(hasher, err)

	_, err = hash.New(hash.Config{Params: hash.Params{Memory: 4096, Time: 3}})
	var bounds *hash.BoundsError
	if errors.As(err, &bounds) {
		fmt.Println(bounds.Param, "is", bounds.Actual, bounds.Unit, "and at least", bounds.Min)
	}
	// Output:
	// argon2id m=47104 t=1 p=1 <nil>
	// memory is 4096 KiB and at least 12288
}

func ExampleNewBudget() {
	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: 64 << 20, Slots: 2, Queue: 100})
	if err != nil {
		log.Fatal(err)
	}
	hasher, err := hash.New(hash.Config{Budget: budget})
	if err != nil {
		log.Fatal(err)
	}
	if err := hasher.Decoy(context.Background(), "password"); err != nil {
		log.Fatal(err)
	}
	stats := budget.Stats()
	fmt.Println("peak", stats.Peak>>10, "KiB, in use", stats.InUse, "waiting", stats.Waiting)
	// Output: peak 19456 KiB, in use 0 waiting 0
}

func ExampleHasher_Hash() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	stored, err := hasher.Hash(context.Background(), "correct horse battery staple")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored[:31], len(stored))

	_, err = hasher.Hash(context.Background(), "not UTF-8: \xff")
	fmt.Println(err)
	// Output:
	// $argon2id$v=19$m=19456,t=2,p=1$ 97
	// hash: password is not valid UTF-8
}

func ExampleHasher_Verify() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	const stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	fmt.Println(hasher.Verify(ctx, stored, "password"))
	fmt.Println(hasher.Verify(ctx, stored, "passwort"))
	fmt.Println(hasher.Verify(ctx, stored+"=", "password"))
	fmt.Println(hasher.Verify(ctx, "$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"))
	// Output:
	// <nil>
	// hash: password does not match
	// hash: stored string has an unknown or broken format: salt or key is not canonical base64 without padding
	// hash: memory is 4000000 KiB, allowed are 8 to 262144
}

func ExampleHasher_Authenticate() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	const weak = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	fmt.Println(hasher.Authenticate(ctx, weak, "password"))
	fmt.Println(hasher.Authenticate(ctx, weak, "passwort"))
	stats := hasher.Budget().Stats()
	fmt.Println(stats.Granted, "permits,", stats.Hashes, "hashes, peak", stats.Peak>>10, "KiB")
	// Output:
	// <nil>
	// hash: password does not match
	// 2 permits, 3 hashes, peak 19456 KiB
}

func ExampleHasher_Decoy() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	// There is no account of this name. The answer takes its usual time.
	err = hasher.Decoy(context.Background(), "password")
	fmt.Println(err)
	// Output: <nil>
}

func ExampleHasher_Stale() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	for _, stored := range []string{
		"$argon2id$v=19$m=4096,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=2,p=8$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$2b$12$bIRGj4QPPoSUMWsJE.4Pk.T1qTpDWz7HhMnuiQhGzGinKPsx/HQdq",
	} {
		info, err := hash.Inspect(stored)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(info, hasher.Stale(stored))
	}
	// Output:
	// argon2id m=4096 t=3 p=1 true
	// argon2id m=19456 t=2 p=8 false
	// argon2id m=65536 t=3 p=1 false
	// bcrypt cost=12 true
}

func ExampleHasher_Accepts() {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		log.Fatal(err)
	}
	for _, stored := range []string{
		"$2b$12$bIRGj4QPPoSUMWsJE.4Pk.T1qTpDWz7HhMnuiQhGzGinKPsx/HQdq",
		"5f4dcc3b5aa765d61d8327deb882cf99",
	} {
		err := hasher.Accepts(stored)
		fmt.Println(err == nil, errors.Is(err, hash.ErrFormat))
	}
	// Output:
	// true false
	// false true
}

func ExampleInspect() {
	info, err := hash.Inspect("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	fmt.Println(info, info.Params.SaltLength, info.Params.KeyLength, err)
	_, err = hash.Inspect("hunter2")
	fmt.Println(err)
	// Output:
	// argon2id m=65536 t=3 p=4 16 32 <nil>
	// hash: stored string has an unknown or broken format: no scheme knows its prefix
}

func ExampleDefaultParams() {
	params := hash.DefaultParams()
	fmt.Println(params, params.Check())
	params.Memory = 8192
	fmt.Println(params, params.Check() == nil)
	// Output:
	// m=19456 t=2 p=1 <nil>
	// m=8192 t=2 p=1 false
}

func ExampleWithClass() {
	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: 64 << 20, Slots: 2})
	if err != nil {
		log.Fatal(err)
	}
	hasher, err := hash.New(hash.Config{Budget: budget})
	if err != nil {
		log.Fatal(err)
	}
	// A customer who is signed in changes the password: no flood of strangers
	// who try to sign in meanwhile holds that up.
	ctx := hash.WithClass(context.Background(), hash.Known)
	if _, err := hasher.Hash(ctx, "correct horse battery staple"); err != nil {
		log.Fatal(err)
	}
	for class, stats := range budget.Stats().Classes {
		fmt.Println(hash.Class(class), "granted", stats.Granted, "refused", stats.Refused)
	}
	// Output:
	// stranger granted 0 refused 0
	// known granted 1 refused 0
	// staff granted 0 refused 0
}

func ExampleClassOf() {
	// Code in the middle knows that somebody is signed in, but its caller may
	// know even more.
	ctx := hash.WithClass(context.Background(), hash.Staff)
	ctx = hash.WithClass(ctx, max(hash.ClassOf(ctx), hash.Known))
	fmt.Println(hash.ClassOf(ctx))
	// Output: staff
}

func ExampleCalibrate() {
	found, err := hash.Calibrate(context.Background(), hash.CalibrateConfig{
		Target:    20 * time.Millisecond,
		MaxMemory: 12288,
		Progress:  func(s hash.CalibrateStep) { log.Printf("%v: %v", s.Params, s.Took) },
	})
	if err != nil {
		log.Fatal(err)
	}
	// found.String() explains the choice; here it would differ by machine.
	fmt.Println(found.Params.MeetsOWASP(), found.Params.Memory <= 12288, found.Reached == (found.Took <= found.Target))
	// Output: true true true
}

func ExampleParams_MeetsOWASP() {
	for _, params := range []hash.Params{hash.DefaultParams(), {Memory: 7168, Time: 4, Parallelism: 1}} {
		fmt.Println(params, params.MeetsOWASP())
	}
	// Output:
	// m=19456 t=2 p=1 true
	// m=7168 t=4 p=1 false
}

func ExampleParams_MeetsASVS5() {
	for _, params := range []hash.Params{hash.DefaultParams(), {Memory: 7168, Time: 5, Parallelism: 1}} {
		fmt.Println(params, params.MeetsASVS5())
	}
	// Output:
	// m=19456 t=2 p=1 true
	// m=7168 t=5 p=1 false
}

func ExampleParams_MeetsRFC9106First() {
	params := hash.Params{Memory: 2 << 20, Time: 1, Parallelism: 4, SaltLength: 16, KeyLength: 32}
	fmt.Println(params, params.MeetsRFC9106First(), params.MeetsRFC9106Second())
	// Output: m=2097152 t=1 p=4 true false
}

func ExampleParams_MeetsRFC9106Second() {
	params := hash.Params{Memory: 64 << 10, Time: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
	fmt.Println(params, params.MeetsRFC9106First(), params.MeetsRFC9106Second())
	// Output: m=65536 t=3 p=4 false true
}
