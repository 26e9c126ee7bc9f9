package keyring

// Context is what a sealed value is bound to. Open must name exactly what Seal
// named, byte for byte; the context itself is not in the sealed text.
type Context struct {
	// Purpose says what the value is for, such as "password hash" or "reset
	// ticket": 1 to 255 bytes. Use one constant for each column and each kind of
	// ticket, so that none can be passed off as another.
	Purpose string

	// Account is the id of the customer the value belongs to: up to 255 bytes,
	// and empty only for a value that is nobody's. Use an id that never changes,
	// not an e-mail address.
	Account string

	// Binding is anything else that must match, such as an enrolment id or an
	// epoch: up to 1024 bytes. Empty means nothing else. Whoever joins several
	// ids into one binding must make sure that they cannot run together.
	Binding string
}

// check returns a *BoundsError if a field is out of bounds.
func (c Context) check() error {
	if err := within("purpose", len(c.Purpose), 1, MaxPurpose); err != nil {
		return err
	}
	if err := within("account", len(c.Account), 0, MaxAccount); err != nil {
		return err
	}
	return within("binding", len(c.Binding), 0, MaxBinding)
}

// additionalData is what the seal authenticates besides the plaintext.
func (c Context) additionalData(realm, keyID string) []byte {
	return tuple(realm, keyID, c.Purpose, c.Account, c.Binding)
}
