package main

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// claim is where a token of PocketBase carries the session of Tillkey.
const claim = "tillkey"

// session reads it from a token whose signature holds. A token of the time
// before has none: its session is that of an account which was just adopted.
func (s *shop) session(r *http.Request) (session rotate.Session, err error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	record, err := s.app.FindAuthRecordByToken(token, core.TokenTypeAuth)
	if err != nil || record.Collection().Name != customers {
		return session, nil
	}
	claims, err := security.ParseUnverifiedJWT(token)
	if text, there := claims[claim].(string); there {
		return session, session.UnmarshalText([]byte(text))
	}
	return rotate.Session{Account: record.Id}, err
}

// issue signs the session into a token. It is the one hook that every token of
// PocketBase passes: those of a refresh, and of ways in that Tillkey does not
// know, which get none.
func (s *shop) issue(e *core.RecordAuthRequestEvent) (err error) {
	session, there := e.Get(claim).(rotate.Session)
	if !there {
		session, _ = web.From(e.Request.Context())
	}
	if session.Account != e.Record.Id {
		return errClosed()
	}
	if session.AuthTime.IsZero() {
		return e.Next() // of the time before, and stays so
	}
	claims, _ := security.ParseUnverifiedJWT(e.Token) // PocketBase has just signed it
	claims[claim] = session                           // as its text
	secret := e.Record.TokenKey() + e.Collection.AuthToken.Secret
	if e.Token, err = security.NewJWT(claims, secret, e.Collection.AuthToken.DurationTime()); err != nil {
		return err
	}
	return e.Next()
}
