package totp

import (
	"fmt"
	"io"
	"log/slog"
)

const (
	redactedSecret   = "totp.Secret(redacted)"
	redactedRecovery = "totp.RecoveryCode(redacted)"
)

// String returns a fixed text that tells nothing about s.
func (s Secret) String() string { return redactedSecret }

// GoString returns the same fixed text as String.
func (s Secret) GoString() string { return redactedSecret }

// Format writes the fixed text of String, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redactedSecret) }

// LogValue returns the fixed text of String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redactedSecret) }

// MarshalText returns the fixed text of String. It cannot be read back: use
// MarshalBinary to store a secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redactedSecret), nil }

// MarshalJSON returns the fixed text of String, quoted. It cannot be read
// back: use MarshalBinary to store a secret.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redactedSecret + `"`), nil }

// String returns a fixed text that tells nothing about c.
func (c RecoveryCode) String() string { return redactedRecovery }

// GoString returns the same fixed text as String.
func (c RecoveryCode) GoString() string { return redactedRecovery }

// Format writes the fixed text of String, whatever the verb.
func (c RecoveryCode) Format(f fmt.State, _ rune) { io.WriteString(f, redactedRecovery) }

// LogValue returns the fixed text of String.
func (c RecoveryCode) LogValue() slog.Value { return slog.StringValue(redactedRecovery) }

// MarshalText returns the fixed text of String. It cannot be read back: store
// the Sum.
func (c RecoveryCode) MarshalText() ([]byte, error) { return []byte(redactedRecovery), nil }

// MarshalJSON returns the fixed text of String, quoted. It cannot be read
// back: store the Sum.
func (c RecoveryCode) MarshalJSON() ([]byte, error) { return []byte(`"` + redactedRecovery + `"`), nil }
