package fault

import (
	"bytes"
	"net/http"
)

// enumerationText: the form wants to be helpful. Who has a list of addresses
// learns which of them are customers, and needs to guess only there.
func enumerationText() parts {
	return unknownName(func(w http.ResponseWriter) http.ResponseWriter { return helpful{w} })
}

// helpful says what was wrong.
type helpful struct{ http.ResponseWriter }

func (w helpful) Write(page []byte) (int, error) {
	said, says := []byte("That is not right. Please try again."), []byte("There is no account with this address.")
	_, err := w.ResponseWriter.Write(bytes.Replace(page, said, says, 1))
	return len(page), err
}
