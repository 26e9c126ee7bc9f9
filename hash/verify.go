package hash

import (
	"cmp"
	"context"
	"errors"
	"unicode/utf8"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// Hash returns the argon2id string to store for a new password, over its Unicode
// Normalization Form C and with a fresh random salt. The string holds everything
// that Verify needs and has at most 198 bytes. Any code point is allowed, NUL
// included. The empty password is hashed like any other; whether a password is
// good enough is a question for package policy.
//
// It returns a *BoundsError if the password is longer than Limits.NewPassword,
// ErrInvalidUTF8 if it is not UTF-8 (ask for another password in both cases), an
// *OverloadedError if the queue of the budget is full (try again later), or the
// error of the context.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.limits.checkNewPassword(password); err != nil {
		return "", err
	}
	if !utf8.ValidString(password) {
		return "", ErrInvalidUTF8
	}
	var encoded string
	err := h.budget.run(ctx, work{bytes: h.params.bytes(), steps: []func() error{func() (err error) {
		encoded, err = h.budget.engine.create(newForm(password), h.params)
		return err
	}}})
	if err != nil {
		return "", err
	}
	return encoded, nil
}

// Verify compares a password with a stored string. Weak hashes and foreign
// formats verify too; ask Stale afterwards whether to hash the password again. A
// login calls Authenticate: here a wrong password costs what the stored hash does.
//
// It returns
//   - nil if the password matches;
//   - ErrMismatch if it does not: count a failed guess;
//   - ErrFormat, or a *BoundsError whose Param is not ParamPassword, if the
//     stored string is broken or dearer than Limits and budget allow: run
//     Decoy, answer as for a wrong password, report the row to the operator;
//   - a *BoundsError with ParamPassword if the password is longer than
//     Limits.Password;
//   - an *OverloadedError if the queue of the budget is full: answer "try
//     again later" and count no guess;
//   - the error of the context, while waiting at once and while hashing at
//     once too: the hash then ends in the background and keeps its memory in
//     the budget until it has.
//
// A password is tried in NFC and then as typed if that differs; against foreign
// formats as typed first. All tries are one call and hold one permit.
func (h *Hasher) Verify(ctx context.Context, encoded, password string) error {
	w, err := h.verification(encoded, password)
	if err != nil {
		return err
	}
	return h.budget.run(ctx, w)
}

// Authenticate is Verify for a login, where an answer must not tell whether there
// is such an account: against a Stale string, a password that does not match
// takes the work of Decoy as well, under the same permit, which holds the larger
// memory of the two. So a wrong password queues as often as an unknown name, and
// costs at least as much. A password that matches takes no more time than with
// Verify. Errors are those of Verify; where the context ends before the last of
// the work, its error comes in place of ErrMismatch.
func (h *Hasher) Authenticate(ctx context.Context, encoded, password string) error {
	w, err := h.verification(encoded, password)
	if err != nil {
		return err
	}
	if h.Stale(encoded) {
		decoy, err := h.comparison(h.decoy, password)
		if err != nil {
			return err
		}
		w.bytes = max(w.bytes, decoy.bytes)
		for _, step := range decoy.steps {
			w.steps = append(w.steps, func() error { return cmp.Or(step(), ErrMismatch) })
		}
	}
	return h.budget.run(ctx, w)
}

// Accepts returns nil if Verify would compare passwords with a stored string,
// and the error Verify would return otherwise: ErrFormat or a *BoundsError. It
// computes nothing, so an import can ask it for every row.
func (h *Hasher) Accepts(encoded string) error {
	w, err := h.comparison(encoded, "")
	if err != nil {
		return err
	}
	return h.budget.checkFits(w.bytes)
}

// Decoy does the work of a Verify of a current hash that does not match: same
// tries, same memory, same queue. Call it when there is no account to verify, so
// that the time of the answer does not tell.
//
// It returns nil, an *OverloadedError, the error of the context, or the
// *BoundsError with ParamPassword that Verify returns for the same password. Use
// the same answer for each as after Verify; nil stands for a wrong password.
func (h *Hasher) Decoy(ctx context.Context, password string) error {
	err := h.Verify(ctx, h.decoy, password)
	if errors.Is(err, ErrMismatch) {
		return nil
	}
	return err
}

// verification is comparison of a password that may be too long.
func (h *Hasher) verification(encoded, password string) (work, error) {
	if err := h.limits.checkPassword(password); err != nil {
		return work{}, err
	}
	return h.comparison(encoded, password)
}

// comparison reads and bounds a stored string and returns the work of comparing
// a password with it.
func (h *Hasher) comparison(encoded, password string) (work, error) {
	if err := checkEncoded(encoded); err != nil {
		return work{}, err
	}
	if !isArgon2id(encoded) {
		return h.foreignComparison(encoded, password)
	}
	stored, err := phc.Parse(encoded)
	if err != nil {
		return work{}, err
	}
	params := paramsOf(stored)
	if err := h.limits.checkStored(params); err != nil {
		return work{}, err
	}
	w := work{bytes: params.bytes()}
	for _, form := range ownForms(password) {
		w.steps = append(w.steps, func() error { return h.budget.engine.compare(stored, form) })
	}
	return w, nil
}

func (h *Hasher) foreignComparison(encoded, password string) (work, error) {
	for _, scheme := range h.foreign {
		if !scheme.Match(encoded) {
			continue
		}
		cost, err := scheme.Inspect(encoded)
		if err != nil {
			return work{}, err
		}
		if err := verdict.Within(ParamMemory, "KiB", uint64(max(cost.Memory, 0)+1023)>>10, 0, uint64(h.limits.Memory)); err != nil {
			return work{}, err
		}
		w := work{bytes: max(cost.Memory, 0)}
		for _, form := range foreignForms(password) {
			w.steps = append(w.steps, func() error { return scheme.Verify(encoded, []byte(form)) })
		}
		return w, nil
	}
	return work{}, verdict.Broken("no scheme knows its prefix")
}
