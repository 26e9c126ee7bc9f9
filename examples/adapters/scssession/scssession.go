// Package scssession keeps the sign-in in a session of github.com/alexedwards/scs
// beside the cart. Copy it.
package scssession

import (
	"net/http"

	"github.com/alexedwards/scs/v2"

	"github.com/tillkey/tillkey/rotate/web"
)

// key is where the manager keeps the sign-in.
const key = "tillkey"

// Join connects a gate to a manager: it sets Load, Keep, Renew and Drop.
//
//	gate := scssession.Join(web.Gate{Keeper: keeper}, sessions)
//	handler := sessions.LoadAndSave(gate.Wrap(mux))
//
// The manager reads the session before the gate and answers itself when its
// store is down: set its ErrorFunc. Let it keep hashes of its cookies
// (HashTokenInStore), so that nobody who reads the table is signed in.
func Join(gate web.Gate, m *scs.SessionManager) web.Gate {
	gate.Load, gate.Keep, gate.Drop = web.Texts(
		func(r *http.Request) (string, error) { return m.GetString(r.Context(), key), nil },
		func(_ http.ResponseWriter, r *http.Request, text string) error {
			m.Put(r.Context(), key, text)
			return nil
		},
	)
	gate.Renew = func(_ http.ResponseWriter, r *http.Request) error { return m.RenewToken(r.Context()) }
	return gate
}
