package rotate

import (
	"fmt"
	"log/slog"
	"time"
)

// Foreign is a credential from the shop's own table.
type Foreign struct {
	// Encoded is the stored hash as it is.
	Encoded string
	// Group is the account's group; "" means Config.Group.
	Group string
	// Created and Changed are when the account came to be and its password was
	// chosen; the zero time where nobody knows.
	Created time.Time
	Changed time.Time
}

// Format hides the hash from package fmt.
func (f Foreign) Format(s fmt.State, _ rune) { redacted(s, "Foreign") }

// LogValue hides the hash from package log/slog.
func (f Foreign) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(f)) }

// MarshalJSON refuses to write secrets.
func (f Foreign) MarshalJSON() ([]byte, error) { return nil, errNotJSON }
