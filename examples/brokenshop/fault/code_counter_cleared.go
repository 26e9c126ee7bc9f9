package fault

import "github.com/tillkey/tillkey/rotate"

// codeCounterCleared: there is one "failed sign-ins" of an account, or two that
// are set to zero together. Who knows the password, and that is whom the second
// factor is to stop, signs in once in between and guesses codes without end.
func codeCounterCleared() parts {
	return parts{store: func(s rotate.Store) rotate.Store {
		return spoiled{s, func(before, c *rotate.Credential, _ []rotate.Event) error {
			if before.PasswordGuesses != (rotate.Counter{}) && c.PasswordGuesses == (rotate.Counter{}) {
				c.CodeGuesses.Clear()
			}
			return nil
		}}
	}}
}
