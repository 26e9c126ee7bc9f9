package rotate

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Session is what a signed-in browser or token carries. The shop keeps it
// where the customer cannot change it: in its session table, or in a signed
// token. It holds no secret, but whoever can write one is signed in.
type Session struct {
	Account string
	// ID tells this sign-in from others of the account: random, and kept through
	// step-up and change. "" for a sign-in of the time before Tillkey.
	ID string
	// Epoch is the account's epoch when the session began; another one ends it.
	Epoch int64
	// Seq is the last order known when the sign-in began.
	Seq int64
	// AuthTime is when the customer last proved who they are.
	AuthTime time.Time
	// Methods are the proofs given, in the terms of RFC 8176: "pwd", "otp", and
	// "recovery" for a recovery code.
	Methods []string
}

// Authentication methods of a [Session]; "pwd" and "otp" are those of RFC 8176.
const (
	MethodPassword = "pwd"
	MethodCode     = "otp"
	MethodRecovery = "recovery"
)

// ErrSession reports a text that is not a session. The caller treats the
// visitor as a guest.
var ErrSession = errors.New("rotate: malformed session")

const (
	sessionWithoutID = "s1"
	sessionWithID    = "s2"
	maxSessionBytes  = 1024
	maxMethods       = 8
	maxSessionID     = 64
)

// SecondFactor tells whether the session was opened with one.
func (s Session) SecondFactor() bool {
	return slices.Contains(s.Methods, MethodCode) || slices.Contains(s.Methods, MethodRecovery)
}

// IsZero tells whether this is no session at all.
func (s Session) IsZero() bool { return s.Account == "" }

// MarshalText writes the session as one line, of version 1 if it has no ID and
// else of version 2:
//
//	s1.<account, base64url>.<epoch>.<seq>.<auth time, Unix µs>.<methods, joined by "+">
//	s2.<account, base64url>.<epoch>.<seq>.<auth time, Unix µs>.<methods, joined by "+">.<id>
//
// The text is not protected against changes: keep it on the server or sign it.
func (s Session) MarshalText() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	part := []string{
		sessionWithoutID,
		base64.RawURLEncoding.EncodeToString([]byte(s.Account)),
		strconv.FormatInt(s.Epoch, 10),
		strconv.FormatInt(s.Seq, 10),
		strconv.FormatInt(s.AuthTime.UnixMicro(), 10),
		strings.Join(s.Methods, "+"),
	}
	if s.ID != "" {
		part = append(part, s.ID)
		part[0] = sessionWithID
	}
	return []byte(strings.Join(part, ".")), nil
}

// UnmarshalText reads what MarshalText wrote, and nothing else.
func (s *Session) UnmarshalText(text []byte) error {
	if len(text) > maxSessionBytes {
		return fmt.Errorf("%w: longer than %d bytes", ErrSession, maxSessionBytes)
	}
	part := strings.Split(string(text), ".")
	withID := len(part) == 7 && part[0] == sessionWithID && part[6] != ""
	if !withID && (len(part) != 6 || part[0] != sessionWithoutID) {
		return fmt.Errorf("%w: not of version %s or %s", ErrSession, sessionWithoutID, sessionWithID)
	}
	account, err := base64.RawURLEncoding.Strict().DecodeString(part[1])
	if err != nil || base64.RawURLEncoding.EncodeToString(account) != part[1] {
		// The decoder skips line breaks; there is one text for each session.
		return fmt.Errorf("%w: account", ErrSession)
	}
	var numbers [3]int64
	for i := range numbers {
		if numbers[i], err = canonicalInt(part[2+i]); err != nil {
			return err
		}
	}
	t := Session{
		Account:  string(account),
		Epoch:    numbers[0],
		Seq:      numbers[1],
		AuthTime: time.UnixMicro(numbers[2]).UTC(),
	}
	if withID {
		t.ID = part[6]
	}
	if part[5] != "" {
		t.Methods = strings.Split(part[5], "+")
	}
	if err := t.check(); err != nil {
		return err
	}
	*s = t
	return nil
}

func (s Session) check() error {
	if err := checkAccount(s.Account); err != nil {
		return fmt.Errorf("%w: %w", ErrSession, err)
	}
	if s.Epoch < 0 || s.Epoch >= maxEpoch || s.Seq < 0 {
		return fmt.Errorf("%w: number out of range", ErrSession)
	}
	if y := s.AuthTime.UTC().Year(); y < 1970 || y > 9999 {
		return fmt.Errorf("%w: time out of range", ErrSession)
	}
	strange := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	if len(s.ID) > maxSessionID || strings.ContainsFunc(s.ID, strange) {
		return fmt.Errorf("%w: id", ErrSession)
	}
	return checkMethods(s.Methods)
}

func checkMethods(methods []string) error {
	if len(methods) > maxMethods {
		return fmt.Errorf("%w: too many methods", ErrSession)
	}
	for _, m := range methods {
		if m == "" || len(m) > 32 || strings.ContainsFunc(m, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }) {
			return fmt.Errorf("%w: method", ErrSession)
		}
	}
	return nil
}

// canonicalInt reads a decimal number that is written the one way
// strconv.FormatInt writes it.
func canonicalInt(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%w: number", ErrSession)
	}
	return n, nil
}

// mergeMethods adds the methods of a step-up to those of the session.
func mergeMethods(old, new []string) []string {
	merged := append([]string(nil), old...)
	for _, m := range new {
		if !slices.Contains(merged, m) {
			merged = append(merged, m)
		}
	}
	return merged
}
