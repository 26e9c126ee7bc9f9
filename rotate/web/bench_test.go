package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// BenchmarkGate measures one request through the gate: the shop's session
// store, here a map, and one read of a Store in memory are part of it.
func BenchmarkGate(b *testing.B) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	run := func(name, target string, enter func(*shop) *http.Cookie) {
		b.Run(name, func(b *testing.B) {
			s := newShop(b)
			c := enter(s)
			h := s.gate.Wrap(nothing)
			r := httptest.NewRequest("GET", target, nil)
			if c != nil {
				r.AddCookie(c)
			}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
	customer := func(s *shop) *http.Cookie { return s.visitor(s.signUp()) }
	run("guest", "/", func(*shop) *http.Cookie { return nil })
	run("customer", "/", customer)
	run("asset", "/assets/logo.svg", customer)
	run("due", "/", func(s *shop) *http.Cookie {
		c := customer(s)
		s.force(rotate.Order{Reason: rotate.PolicyRaised})
		return c
	})
}

func BenchmarkSafeNext(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		web.SafeNext("/account/orders?year=2026&page=2")
	}
}
