package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"github.com/tillkey/tillkey/rotate"
)

// outbox holds mails in place of sending them: PocketBase's and Tillkey's alike.
// They may hold tickets, so they are in memory only.
type outbox struct {
	mu      sync.Mutex
	letters []letter // oldest first
}

type letter struct {
	At      time.Time `json:"at"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
}

const maxLetters = 200

// keep takes a mail from PocketBase's mailer. A shop that sends mail leaves this
// hook out.
func (o *outbox) keep(e *core.MailerEvent) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, to := range e.Message.To {
		o.letters = append(o.letters, letter{time.Now(), to.Address, e.Message.Subject, e.Message.Text + e.Message.HTML})
	}
	o.letters = o.letters[max(0, len(o.letters)-maxLetters):]
	return nil
}

// to are the mails to an address, all where it is "".
func (o *outbox) to(address string) []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.letters), func(l letter) bool { return address != "" && l.To != address })
}

// show lists the mails, to visitors from this machine.
func (o *outbox) show(e *core.RequestEvent) error {
	host, _, _ := net.SplitHostPort(e.Request.RemoteAddr)
	if from, err := netip.ParseAddr(host); err != nil || !from.Unmap().IsLoopback() || e.Request.Header.Get("X-Forwarded-For") != "" {
		return e.NotFoundError("", nil)
	}
	return e.JSON(http.StatusOK, o.to(""))
}

// send writes a mail.
func (s *shop) send(to, subject, text string) error {
	meta := s.app.Settings().Meta
	return s.app.NewMailClient().Send(&mailer.Message{
		From: mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
		To:   []mail.Address{{Address: to}}, Subject: subject, Text: text,
	})
}

// sendLink mails what only this browser may use. It is behind the "#" of the
// link, which no server and no log sees.
func (s *shop) sendLink(to, what, ticket string) error {
	return s.send(to, "Your new password", "Open this in the browser in which you asked for it: "+
		s.app.Settings().Meta.AppURL+"/#"+what+"="+ticket)
}

// notify receives every event of Tillkey at least once, and writes to customers
// what they must know: without a link and without a code.
func (s *shop) notify(ctx context.Context, e rotate.Event) error {
	subject := notice(e.Kind)
	if subject == "" {
		return nil
	}
	c, err := s.table().ByAccount(ctx, e.Account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.send(c.Address, subject, "If that was not you, open the shop as you always do and ask for a new password. This mail holds no link on purpose.")
}

// notice is what an event says to a customer; "" where that is nothing.
func notice(k rotate.Kind) string {
	switch k {
	case rotate.PasswordChanged, rotate.PasswordReset:
		return "Your password was changed"
	case rotate.FactorEnrolled:
		return "Second factor switched on"
	case rotate.FactorRemoved:
		return "Second factor switched off"
	case rotate.RecoveryIssued:
		return "New recovery codes"
	case rotate.RecoveryUsed:
		return "A recovery code was used"
	case rotate.Disabled:
		return "Signing in is blocked"
	case rotate.ChangeForced:
		return "Please choose a new password"
	case rotate.ChangeReminder:
		return "Please choose a new password soon"
	}
	return ""
}
