// Package web connects a Keeper to net/http.
//
// A [Gate] stands before a shop's pages. On every request it asks the Keeper
// whether the visitor's session is still good, and lets guests through. What
// it decides and how it answers are methods apart ([Gate.Decide],
// [Gate.Answer]), so that a framework with handlers of its own needs a few
// lines only; [Gate.Wrap], [Gate.SignedIn] and [Gate.Fresh] are the middleware
// for net/http and for all that takes its middleware.
//
//	sessions.LoadAndSave(gate.Wrap(mux))
//
// The shop's session middleware goes outside the gate, as Load reads what it
// has loaded. Protection against forged cross-site requests is not part of the
// gate; net/http has CrossOriginProtection.
//
// A handler is three lines: [Read] reads a form or JSON, the Keeper decides, and
// [Gate.Follow] keeps or drops the sign-in and says what to show.
//
//	in, err := web.Read(w, r)
//	d, err := keeper.Login(r.Context(), in.Attempt())
//	a := gate.Follow(w, r, d, err)
//
// [Gate.Ask] is all three: gate.Ask(w, r, gate.Login).
//
// Besides: [Outcome], [Status] and [Failure] turn what the Keeper returned into
// an answer, [Browser] sets the cookie that tickets are bound to, [Source] names
// a visitor's network, [SafeNext] checks where to go on after a form, and
// [WellKnown] serves /.well-known/change-password.
//
// Nothing here logs, and no session, ticket or code gets into a URL.
package web
