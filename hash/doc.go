// Package hash turns a password into the string to store, and compares a
// password with a stored string.
//
// New hashes are argon2id in the PHC string format, over the Unicode
// Normalization Form C of the password:
//
//	$argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>
//
// The strings are those of package github.com/alexedwards/argon2id v1.0.0, in
// both directions, and of the argon2 reference tool. Hashes of other software
// are verified through package hash/legacy and reported as Stale, so that they
// are replaced at the next login.
//
// # Use
//
// Make one Budget for the process and one Hasher for each set of parameters.
//
//	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: 512 << 20})
//	hasher, err := hash.New(hash.Config{Budget: budget})
//
//	stored, err := hasher.Hash(ctx, password)      // sign-up, change
//	err = hasher.Verify(ctx, stored, password)     // login; nil means yes
//	err = hasher.Decoy(ctx, password)              // login with an unknown name
//	if hasher.Stale(stored) { ... }                // after nil: Hash again, replace
//
// # Hostile input
//
// Password and stored string are both input. Lengths and every stored number are
// bounded before any allocation or computation; see Limits. No function panics
// on a string, and no error, event or printed value of this package holds a
// password, a salt or a key.
//
// # Load
//
// One argon2id hash takes 19 MiB and tens of milliseconds of a processor. A
// burst of logins without a limit takes all of the memory at once and answers
// nobody in time, so every computation waits for a permit of a Budget, in order
// of arrival, as long as its context allows. When the queue is full, calls fail
// at once with *OverloadedError.
package hash
