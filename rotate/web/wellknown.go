package web

import "net/http"

// WellKnown serves "/.well-known/change-password" (W3C, A Well-Known URL for
// Changing Passwords): password managers open it, and are led to the shop's
// change page with 303, a temporary redirect as the document asks for. page is
// the path of that page, Pages.NewPassword; it asks guests to sign in first.
//
// All else gets 404. Mount it on "/.well-known/" if nothing else answers there:
// before they trust a site's redirect, password managers look for
// "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
// and a shop that greets every unknown path with 200 fails the test. Other
// resources of that tree keep their own, longer patterns.
func WellKnown(page string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		switch {
		case r.URL.Path != wellKnown+"change-password":
			http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		default:
			h.Set("Location", SafeNext(page))
			w.WriteHeader(http.StatusSeeOther)
		}
	})
}
