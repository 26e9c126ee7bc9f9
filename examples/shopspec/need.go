package shopspec

// Need is something that a scenario cannot do without.
type Need int

// The needs. The first six are hooks of every instance.
const (
	WithSeed Need = iota
	WithStoredHash
	WithLogs
	WithMail
	WithClock
	WithRestart
	// WithTwo: two instances on one database.
	WithTwo
	// WithBreached: passwords that the shop knows to have leaked.
	WithBreached
)

// String says what is needed, as in "needs the hook that seeds accounts".
func (n Need) String() string {
	return map[Need]string{
		WithSeed: "the hook that seeds accounts", WithStoredHash: "the hook that reads stored hashes",
		WithLogs: "the hook that reads the log", WithMail: "the hook that reads the mail",
		WithClock: "the hook that moves the clock", WithRestart: "the hook that restarts",
		WithTwo: "two instances on one database", WithBreached: "a leaked password that the shop knows",
	}[n]
}

// met tells whether a shop has what is needed.
func (n Need) met(shop Shop) bool {
	switch n {
	case WithTwo:
		return len(shop.Instances) > 1
	case WithBreached:
		return len(shop.Breached) > 0
	}
	for _, i := range shop.Instances {
		h := i.Hooks
		there := map[Need]bool{
			WithSeed: h.Seed != nil, WithStoredHash: h.StoredHash != nil, WithLogs: h.Logs != nil,
			WithMail: h.Mail != nil, WithClock: h.Advance != nil, WithRestart: h.Restart != nil,
		}
		if !there[n] {
			return false
		}
	}
	return true
}
