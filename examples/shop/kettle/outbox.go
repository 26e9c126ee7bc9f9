package kettle

import (
	"net/http"
	"net/netip"
)

type outboxPage struct {
	// Shared is true where other instances have outboxes of their own.
	Shared  bool
	Letters []Letter
}

// outbox shows the mails of the demonstration, to visitors from this machine
// alone: whoever sees them can take over any account.
func (s *Shop) outbox(w http.ResponseWriter, r *http.Request) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		s.notFound(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "outbox", outboxPage{s.db.shared, s.mail.all()})
}
