package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
)

// openAsAlways is in notices in place of a link: a mail that asks for a new
// password behind a link is what a thief would send.
const openAsAlways = "This mail holds no link on purpose. Open the shop as you always do."

// notify receives every event of Tillkey at least once: it writes to customers
// what they must know, and forgets old hashes that were taken over. No event
// holds a code or a ticket, and so no notice does.
func (s *shop) notify(ctx context.Context, e rotate.Event) error {
	s.log.Info("event", "kind", e.Kind, "account", e.Account, "reason", e.Reason, "actor", e.Actor)
	switch e.Kind {
	case rotate.HashUpgraded, rotate.PasswordChanged, rotate.PasswordReset:
		if err := s.customers.forgetHash(ctx, e.Account); err != nil {
			return err
		}
	}
	subject, body := notice(e)
	if subject == "" {
		return nil
	}
	c, err := s.customers.load(ctx, e.Account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.mail.send(letter{ID: e.ID, To: c.Email, Subject: subject, Body: append(body, openAsAlways)})
	return nil
}

// notice is the text for a customer; "" where there is nothing to tell.
func notice(e rotate.Event) (subject string, body []string) {
	const notYou = "If that was not you, use “Forgotten password” now."
	switch e.Kind {
	case rotate.PasswordChanged, rotate.PasswordReset:
		return "Your password was changed", []string{"The password of your account has just been changed, and all other devices were signed out.", notYou}
	case rotate.FactorEnrolled:
		return "Second factor switched on", []string{"From now on, signing in takes a code from your authenticator app.", notYou}
	case rotate.FactorRemoved:
		return "Second factor switched off", []string{"Signing in takes your password alone now.", notYou}
	case rotate.RecoveryIssued:
		return "New recovery codes", []string{"You have ten new recovery codes. Older ones no longer work.", notYou}
	case rotate.RecoveryUsed:
		return "A recovery code was used", []string{fmt.Sprintf("Someone signed in with one of your recovery codes. %d are left.", e.Left), notYou}
	case rotate.Disabled:
		return "Signing in is blocked", []string{"Your password or code was guessed wrong too often. “Forgotten password” opens your account again."}
	case rotate.ChangeForced:
		return "Please choose a new password", []string{reasonText(e.Reason), "The shop asks for it when you next sign in."}
	case rotate.ChangeReminder:
		return "Please choose a new password soon", []string{reasonText(e.Reason), "Your present password works until " + e.By.Format("2 January 2006") + "."}
	}
	return "", nil
}

// reasonText tells a customer why a password must be changed.
func reasonText(r rotate.Reason) string {
	switch r {
	case rotate.Compromise:
		return "Somebody else may know your password."
	case rotate.Breached:
		return "Your password has appeared in a data leak."
	case rotate.AdminReset:
		return "Our staff have asked for a new password on your account."
	case rotate.Restored:
		return "We had to restore our records from a backup."
	case rotate.FirstUse:
		return "Your first password was good for one sign-in."
	case rotate.PolicyRaised:
		return "Our rules for passwords have become stricter since you chose yours."
	case rotate.WeakHash:
		return "Your password is stored in an outdated way."
	case rotate.Age:
		return "Your password has become too old."
	}
	return ""
}
