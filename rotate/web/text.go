package web

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate"
)

// Texts makes [Gate].Load, Keep and Drop for a session store that keeps texts:
// a session library, a signed cookie, the claim of a token.
//
//	gate.Load, gate.Keep, gate.Drop = web.Texts(get, put)
//
// get reads the text of the visitor, "" for a guest. put writes one in place of
// the one before; "" removes it and leaves the rest, such as the cart. Their
// errors are those of the session store.
func Texts(get func(r *http.Request) (string, error), put func(w http.ResponseWriter, r *http.Request, text string) error) (
	load func(*http.Request) (rotate.Session, error),
	keep func(http.ResponseWriter, *http.Request, rotate.Session) error,
	drop func(http.ResponseWriter, *http.Request) error,
) {
	load = func(r *http.Request) (s rotate.Session, err error) {
		text, err := get(r)
		if err != nil || text == "" {
			return s, err
		}
		return s, s.UnmarshalText([]byte(text))
	}
	keep = func(w http.ResponseWriter, r *http.Request, s rotate.Session) error {
		text, err := s.MarshalText()
		if err != nil {
			return err
		}
		return put(w, r, string(text))
	}
	drop = func(w http.ResponseWriter, r *http.Request) error { return put(w, r, "") }
	return load, keep, drop
}
