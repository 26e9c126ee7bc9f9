package totp

import (
	"fmt"
	"time"
)

// The ranges of what a secret may carry. They hold for new secrets and for
// every secret that is read.
const (
	MinDigits = 6                 // RFC 4226 section 5.3: at least 6
	MaxDigits = 8                 // RFC 4226 section 5.3: possibly 7 and 8
	MinPeriod = 15 * time.Second  // below it people cannot type in time
	MaxPeriod = 120 * time.Second // NIST SP 800-63B-4 section 3.1.4.1: changes at least every 2 minutes
	MinSize   = 16                // bytes; RFC 4226 section 4 R6: at least 128 bits
	MaxSize   = 128               // bytes; the HMAC block of SHA-512, beyond which a key gains nothing
)

// Options say what kind of secret to make. The zero value of each field means
// its default; together they are what every authenticator app understands.
type Options struct {
	// Algorithm defaults to SHA1.
	Algorithm Algorithm
	// Digits of a code, 6 to 8; 0 means 6.
	Digits int
	// Period for which a code is shown, 15 s to 120 s in whole seconds; 0
	// means 30 s (RFC 6238 section 5.2).
	Period time.Duration
	// Size of the key in bytes, 16 to 128; 0 means the length of the hash,
	// which is 20, 32 or 64 bytes (RFC 6238 section 5.1).
	Size int
}

// complete fills in defaults and checks every range.
func (o Options) complete() (Options, error) {
	if o.Algorithm > SHA512 {
		return Options{}, fmt.Errorf("%w: algorithm %d", ErrOptions, o.Algorithm)
	}
	if o.Digits == 0 {
		o.Digits = MinDigits
	}
	if o.Period == 0 {
		o.Period = 30 * time.Second
	}
	if o.Size == 0 {
		o.Size = o.Algorithm.size()
	}
	if err := within("digits", o.Digits, MinDigits, MaxDigits); err != nil {
		return Options{}, err
	}
	if o.Period%time.Second != 0 {
		return Options{}, fmt.Errorf("%w: period %v is not in whole seconds", ErrOptions, o.Period)
	}
	if err := within("period in seconds", seconds(o.Period), seconds(MinPeriod), seconds(MaxPeriod)); err != nil {
		return Options{}, err
	}
	if err := within("size in bytes", o.Size, MinSize, MaxSize); err != nil {
		return Options{}, err
	}
	return o, nil
}

func seconds(d time.Duration) int { return int(d / time.Second) }
