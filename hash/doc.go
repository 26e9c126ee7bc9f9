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
//	stored, err := hasher.Hash(ctx, password)        // sign-up, change
//	err = hasher.Authenticate(ctx, stored, password) // login; nil means yes
//	err = hasher.Decoy(ctx, password)                // login with an unknown name
//	err = hasher.Verify(ctx, stored, password)       // where nothing is given away by time
//	if hasher.Stale(stored) { ... }                  // after nil: Hash again, replace
//
// # Hostile input
//
// Password and stored string are both input. Lengths and every stored number are
// bounded before any allocation or computation; see Limits. No function panics
// on a string, and no error, event or printed value of this package holds a
// password, a salt or a key.
//
// # Costs
//
// DefaultParams suit a server of any size. Calibrate, or the command pwcheck
// calibrate, measures which costs take a given time and memory on a machine, and
// the methods Meets... of Params tell which recommendations some costs meet. Raise
// them at any time: older hashes become Stale and are replaced one by one, and
// hosts with different costs do not undo each other's work.
//
// Every host that reads the rows must accept the new costs before the first host
// writes them: raise Limits and BudgetConfig.Bytes everywhere, and then Params. A
// host whose Limits or Budget are smaller answers the rows of the dearer one with
// *BoundsError and lets nobody in with them. The default Limits are 256 MiB and 64
// passes, so costs below that need nothing but room in the Budget.
//
// # Load
//
// One argon2id hash takes 19 MiB and some milliseconds to tens of milliseconds
// of a processor. A burst of logins without a limit takes all of the memory at
// once and answers nobody in time, so every computation waits for a permit of a
// Budget as long as its context allows. When the queue is full, calls fail at
// once with *OverloadedError.
//
// Whoever has proved something already, such as a signed-in customer who changes
// the password, should not wait behind a flood of strangers. Say so with
// WithClass; see Budget for the order in which classes are served.
//
// # Engine
//
// Hashes are computed by an engine of this module. golang.org/x/crypto/argon2
// takes its memory from the Go heap anew for each hash, so that a server needs
// twice as much and its collector is busy, and uses a third of what the
// processor can do. The time that a login may take is given; with an engine that
// is three times as fast it buys a hash that costs an attacker three times as
// much, or lets a server answer three times as many logins. Memory is that of
// the Budget and 4 KiB for each lane, up to 1 MiB for each slot, and is wiped
// after each hash.
//
// Own code in a password hash is a risk, so it is small and checked against
// others: the vectors of RFC 9106 and of libargon2, the argon2 command line,
// golang.org/x/crypto/argon2 for random inputs, in tests and in a fuzz target,
// and its assembly against its Go code block by block. All give the same bytes.
// The package comment of hash/internal/argon2 has more.
//
// Two build tags change the engine, and never a hash:
//
//	go build -tags purego            // no assembly
//	go build -tags tillkey_xcrypto   // golang.org/x/crypto through argon2id
//
// With tillkey_xcrypto the memory of hashes is that of the Go heap, which can
// grow to about twice BudgetConfig.Bytes, and it is not wiped.
package hash
