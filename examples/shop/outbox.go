package main

import (
	"net/http"
	"net/netip"
)

// outbox shows the mails of the demonstration, to visitors from this machine
// alone: whoever sees them can take over any account.
func (s *shop) outbox(w http.ResponseWriter, r *http.Request) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		s.notFound(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "outbox", s.mail.all())
}
