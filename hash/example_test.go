package hash_test

import (
	"context"
	"errors"
	"fmt"
	"log"

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
	fmt.Println(err)
	// Output:
	// argon2id m=47104 t=1 p=1 <nil>
	// hash: memory is 4096 KiB, allowed are 12288 to 4194304 (parameters of new hashes)
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
	fmt.Println(params, params.Check())
	// Output:
	// m=19456 t=2 p=1 <nil>
	// m=8192 t=2 p=1 hash: memory is 8192 KiB, allowed are 19456 to 4194304
}
