package kettle

import (
	"context"
	"errors"

	"github.com/tillkey/tillkey/rotate"
)

// openAsAlways is in notices in place of a link: a mail that asks for a new
// password behind a link is what a thief would send.
func (t tongue) openAsAlways() string {
	return t.say("This mail holds no link on purpose. Open the shop as you always do.")
}

// notify receives every event of Tillkey at least once: it writes to customers
// what they must know, and forgets old hashes that were taken over. No event
// holds a code or a ticket, and so no notice does.
func (s *Shop) notify(ctx context.Context, e rotate.Event) error {
	s.log.Info("event", "kind", e.Kind, "account", e.Account, "reason", e.Reason, "actor", e.Actor)
	switch e.Kind {
	case rotate.HashUpgraded, rotate.PasswordChanged, rotate.PasswordReset:
		if err := s.customers.forgetHash(ctx, e.Account); err != nil {
			return err
		}
	}
	if subject, _ := s.tongues.named("").notice(e); subject == "" {
		return nil // there is nothing to tell
	}
	c, err := s.customers.load(ctx, e.Account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := s.tongueOf(ctx, e.Account)
	if err != nil {
		return err
	}
	subject, body := t.notice(e)
	s.mail.send(Letter{ID: e.ID, To: c.Email, Lang: t.tag.String(), Subject: subject, Body: append(body, t.openAsAlways())})
	return nil
}

// notice is the text for a customer; "" where there is nothing to tell.
func (t tongue) notice(e rotate.Event) (subject string, body []string) {
	notYou := t.say("If that was not you, use “Forgotten password” now.")
	switch e.Kind {
	case rotate.PasswordChanged, rotate.PasswordReset:
		return t.say("Your password was changed"), []string{t.say("The password of your account has just been changed, and all other devices were signed out."), notYou}
	case rotate.FactorEnrolled:
		return t.say("Second factor switched on"), []string{t.say("From now on, signing in takes a code from your authenticator app."), notYou}
	case rotate.FactorRemoved:
		return t.say("Second factor switched off"), []string{t.say("Signing in takes your password alone now."), notYou}
	case rotate.RecoveryIssued:
		return t.say("New recovery codes"), []string{t.say("You have ten new recovery codes. Older ones no longer work."), notYou}
	case rotate.RecoveryUsed:
		return t.say("A recovery code was used"), []string{t.say("Someone signed in with one of your recovery codes. %d are left.", e.Left), notYou}
	case rotate.Disabled:
		return t.say("Signing in is blocked"), []string{t.say("Your password or code was guessed wrong too often. “Forgotten password” opens your account again.")}
	case rotate.ChangeForced:
		return t.say("Please choose a new password"), []string{t.reason(e.Reason), t.say("The shop asks for it when you next sign in.")}
	case rotate.ChangeReminder:
		return t.say("Please choose a new password soon"), []string{t.reason(e.Reason), t.say("Your present password works until %s.", e.By.Format(t.say("2 January 2006")))}
	}
	return "", nil
}

// reason tells a customer why a password must be changed.
func (t tongue) reason(r rotate.Reason) string {
	switch r {
	case rotate.Compromise:
		return t.say("Somebody else may know your password.")
	case rotate.Breached:
		return t.say("Your password has appeared in a data leak.")
	case rotate.AdminReset:
		return t.say("Our staff have asked for a new password on your account.")
	case rotate.Restored:
		return t.say("We had to restore our records from a backup.")
	case rotate.FirstUse:
		return t.say("Your first password was good for one sign-in.")
	case rotate.PolicyRaised:
		return t.say("Our rules for passwords have become stricter since you chose yours.")
	case rotate.WeakHash:
		return t.say("Your password is stored in an outdated way.")
	case rotate.Age:
		return t.say("Your password has become too old.")
	}
	return ""
}
