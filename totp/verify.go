package totp

import (
	"crypto/subtle"
	"time"
)

// MaxWindow bounds each side of a [Window]. Every step more is one more code
// that a guess may hit.
const MaxWindow = 10

// Window says how many steps before and after the current one are accepted
// too, each 0 to [MaxWindow]. The zero Window accepts the current step alone.
//
// Past makes up for slow typing and late clocks, Future for clocks that run
// ahead. RFC 6238 section 5.2 recommends one step at most for the delay.
// Window{Past: 1, Future: 1} suits customers, Window{Past: 1} staff.
type Window struct {
	Past, Future int
}

// Validate returns a [*BoundsError] for a side out of range. [Secret.Verify]
// calls it; call it where a window is configured, to hear of mistakes early.
func (w Window) Validate() error {
	if err := within("window.past", w.Past, 0, MaxWindow); err != nil {
		return err
	}
	return within("window.future", w.Future, 0, MaxWindow)
}

// Verify checks a typed code at the given server time, and returns the step
// it belongs to. Only a step above after is accepted, where after is the step
// of the last code used, or -1 if none was (0 serves too: it rules out no
// more than the first seconds of 1970). The caller stores the returned step
// as the new after, in the transaction that accepts the login, on the
// condition that the stored one is still lower.
//
// Spaces, dashes and invisible marks in the code are ignored, and decimal
// digits of any script are understood. Codes over 64 bytes are wrong.
//
// It returns [ErrCode] if the code belongs to no step of the window,
// [ErrReplayed] if it belongs only to steps up to after, [ErrZero] for the
// zero Secret and a [*BoundsError] for a window out of range. With an error
// it returns after, so that storing the result can never reopen a used step.
//
// All steps of the window are computed and compared in constant time, whether
// or not one matched. If several match, the highest is returned.
//
// Verify does not throttle: count the guess before calling it (RFC 4226
// section 7.3, NIST SP 800-63B-4 section 3.1.4.2).
func (s Secret) Verify(code string, at time.Time, after Step, w Window) (Step, error) {
	if s.seed == nil {
		return after, ErrZero
	}
	if err := w.Validate(); err != nil {
		return after, err
	}
	typed, ok := s.seed.read(code)
	if !ok {
		return after, ErrCode
	}

	first := s.Step(at) - Step(w.Past)
	mac := s.seed.mac()
	fresh, used := -1, 0
	for i := range w.Past + 1 + w.Future {
		step := first + Step(i)
		if step < 0 {
			continue // before 1970: no code exists
		}
		same := subtle.ConstantTimeEq(s.seed.value(mac, step), typed)
		if step > after { // neither of the two is secret
			fresh = subtle.ConstantTimeSelect(same, i, fresh)
		} else {
			used |= same
		}
	}
	switch {
	case fresh >= 0:
		return first + Step(fresh), nil
	case used == 1:
		return after, ErrReplayed
	}
	return after, ErrCode
}
