package fault

import "net/http"

// gateOpenPost: the gate stands before the pages, as those are what a customer
// opens. The form that was opened before the order, or is sent by a script, goes
// through.
func gateOpenPost() parts {
	return gateOpen(func(r *http.Request) bool { return r.Method == http.MethodPost })
}
