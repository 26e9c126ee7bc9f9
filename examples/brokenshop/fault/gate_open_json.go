package fault

import (
	"net/http"
	"strings"
)

// gateOpenJSON: the gate answers with a redirect, which a script cannot follow,
// so requests for JSON were let past it. The page is closed and the data behind
// it is not.
func gateOpenJSON() parts {
	return gateOpen(func(r *http.Request) bool {
		return strings.Contains(r.Header.Get("Accept")+r.Header.Get("Content-Type"), "json")
	})
}
