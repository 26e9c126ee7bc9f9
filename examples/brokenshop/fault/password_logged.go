package fault

import (
	"net/http"

	"github.com/tillkey/tillkey/examples/shop/kettle"
)

// maxForm bounds what is read of a form, as the shop itself does.
const maxForm = 64 << 10

// passwordLogged: a middleware for finding faults logs what was sent. It was
// there for an afternoon, or comes with the framework, and the log goes to a
// service that keeps it for years.
func passwordLogged() parts {
	return parts{handler: func(c kettle.Config, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if r.ParseForm() == nil && len(r.PostForm) > 0 && c.Log != nil {
				c.Log.Info("form", "path", r.URL.Path, "fields", r.PostForm)
			}
			next.ServeHTTP(w, r)
		})
	}}
}
