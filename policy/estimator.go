package policy

// Estimator rates passwords by the guesses an attacker would need.
//
// GuessesLog10 returns that number as a power of ten, 0 or more. The password
// is valid UTF-8 in NFC and within the caps of the policy. about are texts
// about the person and the shop, at most 32 and the policy's Words, each at
// most 256 bytes; knowing them makes guessing easier. It does no I/O, its work
// is bounded, and it is called from many goroutines at once.
type Estimator interface {
	GuessesLog10(password string, about ...string) float64
}
