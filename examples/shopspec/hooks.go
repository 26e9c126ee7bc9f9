package shopspec

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrUnsupported says that a shop does not have what was asked for, as a cart
// or hashes of a format. What needs it is then "not run", and never "passed".
var ErrUnsupported = errors.New("shopspec: the shop does not have this")

// Hooks reach behind the pages of one instance of a shop, which a suite that
// only sends requests cannot: they put accounts into its database, read what
// was stored, logged and mailed, and move its clock. A shop has them in tests,
// and over HTTP under a build tag alone; see package hook.
//
// A nil function is one that this shop does not have. All may be called from
// several goroutines.
type Hooks struct {
	// Seed adds an account that can sign in at once, and returns the shop's
	// own id of it, by which the pages of the staff name it; "" where they do
	// not. ErrUnsupported: not with such a hash, or no such account.
	Seed func(ctx context.Context, a Account) (id string, err error)
	// StoredHash returns what is stored as the password of an address, opened
	// where it is sealed: a PHC string, a bcrypt string, or whatever was seeded.
	StoredHash func(ctx context.Context, email string) (string, error)
	// Logs returns all that this instance has logged so far, traces included.
	Logs func(ctx context.Context) (string, error)
	// Mail returns the mails to an address that this instance has sent, oldest
	// first, once all that the requests so far asked for are among them.
	Mail func(ctx context.Context, address string) ([]Mail, error)
	// Advance moves the clock of this instance by d, back where d is negative,
	// and returns what it shows now. 0 reads it.
	Advance func(ctx context.Context, d time.Duration) (time.Time, error)
	// Restart stops this instance and starts it again on the same data and
	// address. It returns when requests are answered.
	Restart func(ctx context.Context) error
}

// Account is an account to be seeded. Its JSON holds the password: it is what
// package hook sends.
type Account struct {
	Email string `json:"email"`
	Name  string `json:"name"`
	// Password is the password, to be stored as the shop stores those that are
	// chosen now, whatever its policy says of it. It is "" where Encoded is not.
	Password string `json:"password,omitempty"`
	// Encoded is a stored hash of the time before, as an import brings it.
	Encoded string `json:"encoded,omitempty"`
	// Staff may open the pages of the staff.
	Staff bool `json:"staff,omitempty"`
	// Created and Changed are when the account was made and its password chosen;
	// the zero time means now.
	Created time.Time `json:"created,omitzero"`
	Changed time.Time `json:"changed,omitzero"`
}

// Format hides the password from package fmt.
func (a Account) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "account %q", a.Email) }

// LogValue hides the password from package log/slog.
func (a Account) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Mail is a mail that a shop has sent.
type Mail struct {
	At      time.Time `json:"at"`
	Subject string    `json:"subject"`
	// Text is all the rest, links included.
	Text string `json:"text"`
}
