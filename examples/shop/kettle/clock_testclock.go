//go:build testclock

package kettle

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// ahead is how far the clock was moved.
var ahead atomic.Int64

// clock is a clock that can be moved, for tests from outside.
func clock() func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
}

// clockPage moves the clock: POST /test/clock with advance=90m.
func (s *Shop) clockPage(mux *http.ServeMux) {
	mux.HandleFunc("POST /test/clock", func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.FormValue("advance"))
		if err != nil {
			http.Error(w, "advance is not a duration", http.StatusBadRequest)
			return
		}
		ahead.Add(int64(d))
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, s.now().UTC().Format(time.RFC3339))
	})
}
