// Package hook carries [shopspec.Hooks] over HTTP, so that the command shopspec
// can check a shop that runs as a process of its own.
//
// The shop mounts [Handler] in a file with a build tag, as "testclock", and in
// no other: whoever reaches it can sign in as anybody. It answers requests from
// the machine itself alone, and only with the token that [ReadToken] reads on
// both sides.
//
//	//go:build testclock
//
//	func mountHooks(mux *http.ServeMux, s *shop) error {
//		token, err := hook.ReadToken()
//		if err != nil {
//			return err
//		}
//		handler, err := hook.Handler(shopspec.Hooks{Seed: s.seedAccount, Advance: s.advance}, token)
//		if err == nil {
//			mux.Handle("POST /test/hooks/", handler)
//		}
//		return err
//	}
package hook

import (
	"time"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// The last part of the path says what is asked for; request and answer are JSON.
const (
	seed       = "seed"
	storedHash = "stored-hash"
	logs       = "logs"
	mail       = "mail"
	advance    = "advance"
	restart    = "restart"
	have       = "have"
)

// question is what any hook is asked.
type question struct {
	Account shopspec.Account `json:"account,omitzero"`
	Address string           `json:"address,omitempty"`
	// Move is in nanoseconds.
	Move time.Duration `json:"move,omitempty"`
}

// reply is what any hook answers.
type reply struct {
	ID    string          `json:"id,omitempty"`
	Text  string          `json:"text,omitempty"`
	Mails []shopspec.Mail `json:"mails,omitempty"`
	Now   time.Time       `json:"now,omitzero"`
	// Have names the hooks that there are.
	Have []string `json:"have,omitempty"`
}
