package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Gate lets a visitor pass or says what has to be done first. Fill in the
// fields, and copy or share it as you like; it is not changed by any method.
// All methods are safe for concurrent use if the functions are.
//
// The functions are the shop's session store, whatever it is: a session
// library, a table, a signed cookie or a token. They get the request of the
// visitor and are called at most once each for one request.
type Gate struct {
	// Keeper judges the sessions. Required.
	Keeper *rotate.Keeper

	// Load reads the session the shop keeps for the visitor. Required.
	//
	// A guest has the zero Session and no error. A sign-in of the time before
	// Tillkey, which names an account and nothing else, is a Session with that
	// Account alone: its epoch 0 is that of an adopted row, until the first
	// change. [rotate.ErrSession] means that what is kept is no session: the
	// sign-in is dropped. Any other error means that the session store could not
	// be asked, and closes what is not in Allow; so find out first whether the
	// visitor has brought a cookie at all.
	Load func(r *http.Request) (rotate.Session, error)
	// Keep stores a session in place of the one before. [Gate.SignIn] needs it.
	Keep func(w http.ResponseWriter, r *http.Request, s rotate.Session) error
	// Renew gives the visitor another session id and makes the old id worthless,
	// keeping the contents: an id that was known before a sign-in must not be
	// signed in by it (session fixation). nil where there are no ids, as with
	// signed tokens.
	Renew func(w http.ResponseWriter, r *http.Request) error
	// Drop removes the sign-in, all that Load reads, and leaves the rest: the
	// cart, the language, what was looked at. nil where nothing can be removed,
	// as with tokens in a header: the visitor is a guest just the same, and
	// [Gate.SignOut] has the Keeper end the session.
	Drop func(w http.ResponseWriter, r *http.Request) error

	// Pages are the shop's pages the gate sends visitors to.
	Pages Pages
	// Allow are the paths on which nobody is stopped or looked at: assets, and
	// what a customer may do before a change that is due, such as checking out
	// as a guest. "/imprint" is that path alone, "/assets/" all below it. The
	// Pages, with all below each, and "/.well-known/" are always allowed.
	//
	// On an allowed path, [From] knows a session only if it is good, so a
	// customer who must change the password first is a guest there. The Keeper
	// is asked only when [From] or [Held] is.
	Allow []string

	// Reply writes the gate's own answers, for a shop that wants them in its own
	// dress. nil means [Answer.Write].
	Reply func(w http.ResponseWriter, r *http.Request, a Answer)
	// Failed is told why the gate could not decide, or could not drop a sign-in.
	// nil means that nobody is.
	Failed func(r *http.Request, err error)
	// Now is the clock for [Gate.Fresh]; nil means time.Now.
	Now func() time.Time
}

// Pages are the paths of the shop's own pages, without a host or a query. The
// gate appends "?next=" with the way back; check it with [SafeNext].
type Pages struct {
	// SignIn asks for name and password; "" means "/login".
	SignIn string
	// SignOut ends the sign-in; "" means "/logout". The gate never leads there,
	// but always lets through.
	SignOut string
	// NewPassword is where a due change is made; "" means "/account/password".
	NewPassword string
	// Enroll is where a second factor is set up; "" means
	// "/account/second-factor".
	Enroll string
	// StepUp asks a signed-in customer for a fresh proof; "" means
	// "/account/confirm".
	StepUp string
}

// filled is the pages with the defaults in place.
func (p Pages) filled() Pages {
	for _, f := range []struct {
		path     *string
		standard string
	}{
		{&p.SignIn, "/login"},
		{&p.SignOut, "/logout"},
		{&p.NewPassword, "/account/password"},
		{&p.Enroll, "/account/second-factor"},
		{&p.StepUp, "/account/confirm"},
	} {
		if *f.path == "" {
			*f.path = f.standard
		}
	}
	return p
}

// all lists the pages.
func (p Pages) all() []string {
	return []string{p.SignIn, p.SignOut, p.NewPassword, p.Enroll, p.StepUp}
}

// ErrGate reports a gate that cannot work; the error says what to change.
var ErrGate = errors.New("web: gate refused")

// Validate reports the first field that is missing or malformed. Call it once
// at start. A gate that is not valid lets nobody through as signed in.
func (g Gate) Validate() error {
	if g.Keeper == nil || g.Load == nil {
		return fmt.Errorf("%w: Keeper and Load are required", ErrGate)
	}
	for _, p := range g.Pages.filled().all() {
		if !isPath(p) || !safe(p) {
			return fmt.Errorf("%w: page %q is not a plain path of ASCII", ErrGate, p)
		}
	}
	for _, p := range g.Allow {
		if !isPath(p) {
			return fmt.Errorf("%w: allowed path %q is not a plain path", ErrGate, p)
		}
	}
	return nil
}

// now is the time of the clock.
func (g Gate) now() time.Time {
	if g.Now == nil {
		return time.Now()
	}
	return g.Now()
}

// failed tells the shop of an error.
func (g Gate) failed(r *http.Request, err error) {
	if g.Failed != nil {
		g.Failed(r, err)
	}
}

// reply writes an answer in the shop's dress.
func (g Gate) reply(w http.ResponseWriter, r *http.Request, a Answer) {
	if g.Reply != nil {
		g.Reply(w, r, a)
		return
	}
	a.Write(w, r)
}
