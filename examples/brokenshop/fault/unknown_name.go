package fault

import (
	"net/http"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/rotate"
)

// unknownName answers a sign-in with an address that nobody has differently.
func unknownName(answer func(http.ResponseWriter) http.ResponseWriter) parts {
	var customers rotate.Customers
	return parts{
		keeper: func(k *rotate.Config) { customers = k.Customers },
		handler: func(_ kettle.Config, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Body = http.MaxBytesReader(w, r.Body, maxForm)
				if r.Method == http.MethodPost && r.URL.Path == "/login" {
					if account, err := customers.Find(r.Context(), r.PostFormValue("email")); err == nil && account == "" {
						w = answer(w)
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	}
}
