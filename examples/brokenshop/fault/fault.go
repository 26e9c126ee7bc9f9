// Package fault holds mistakes that shops make with passwords, sessions, codes
// and orders. Each can be put into the reference shop by itself, so that a suite
// of tests shows whether it would notice.
//
// Nothing here is for use: every file is a hole that somebody once shipped.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// Fault is one mistake.
type Fault struct {
	// Name is how the command line calls it.
	Name string
	// What is what the shop does wrong, in one line.
	What string
	// Scenario is the scenario of shopspec that is about it, and Check the check
	// in there that must fail.
	Scenario, Check string
	// parts makes it anew for each instance.
	parts func() parts
}

// parts are the places at which a mistake is made; nil leaves the shop as it is.
type parts struct {
	// store, lists, keeper and gate are the seams of kettle.Config.
	store  func(rotate.Store) rotate.Store
	lists  func([]policy.List) []policy.List
	keeper func(*rotate.Config)
	gate   func(*web.Gate)
	// handler stands before the whole shop.
	handler func(kettle.Config, http.Handler) http.Handler
}

// All lists the faults in the order of the documentation.
func All() []Fault {
	return []Fault{
		{
			"enumeration-text", "a wrong address is told from a wrong password by the words of the answer",
			"S3/unknown-address", "a wrong password is answered alike for accounts and for nobody", enumerationText,
		},
		{
			"enumeration-status", "a wrong address is told from a wrong password by the status of the answer",
			"S3/unknown-address", "a wrong password is answered alike for accounts and for nobody", enumerationStatus,
		},
		{
			"rehash-overwrites", "a sign-in writes its better hash over a password that was changed meanwhile",
			"S2/rehash-racing-a-change", "after a change the old password is denied", rehashOverwrites,
		},
		{
			"gate-open-json", "who must change the password first is stopped on pages, and not where JSON is asked for",
			"S4/forced", "a page for scripts is stopped", gateOpenJSON,
		},
		{
			"gate-open-post", "who must change the password first is stopped when reading, and not when sending a form",
			"S4/forced", "a form is stopped", gateOpenPost,
		},
		{
			"session-survives", "a session holds the customer's number alone, so a change of the password ends none",
			"S4/other-sessions", "another session is over", sessionSurvives,
		},
		{
			"code-replayed", "the time step of a code is not written down, so the code works again while it is shown",
			"S5/code-once", "the same code signs nobody else in", codeReplayed,
		},
		{
			"recovery-twice", "a recovery code is compared and never crossed out",
			"S5/recovery-once", "the same recovery code signs nobody else in", recoveryTwice,
		},
		{
			"lockout-per-instance", "wrong passwords are counted in the memory of each process",
			"S3/instances", "the right password has to wait at the other instance, too", lockoutPerInstance,
		},
		{
			"breach-ignored", "the lists of leaked passwords are asked, and their answer is dropped",
			"S4/leaked-password", "a leaked password signs nobody in", breachIgnored,
		},
		{
			"password-logged", "forms are written to the log as they came",
			"S1/nothing-in-the-log", "a password is not in the log", passwordLogged,
		},
		{
			"reset-drops-totp", "a new password by mail takes the second factor away",
			"S5/reset-keeps-factor", "the password alone asks for a code", resetDropsTOTP,
		},
		{
			"cohort-too-many", "an order for old passwords forgets the day and binds everybody",
			"S6/cohort", "no others are stopped", cohortTooMany,
		},
		{
			"code-counter-cleared", "a right password clears the wrong codes, too",
			"S5/code-counter", "wrong codes make codes wait, with right passwords between them", codeCounterCleared,
		},
		{
			"order-fast-clock", "an order is compared with the time of the last change in place of its sequence",
			"S6/fast-clock", "an order stops who changed on a fast clock", orderFastClock,
		},
		{
			"race-new-epoch", "a sign-in with the old password that a change overtakes gets a session of after the change",
			"S4/old-password-racing-a-change", "a session of the old password is over", raceNewEpoch,
		},
	}
}

// ErrUnknown reports a name that no fault has.
var ErrUnknown = errors.New("fault: unknown name")

// Named returns the faults of a list of names with commas between them, which
// must not be empty. ErrUnknown: one is not among All.
func Named(names string) ([]Fault, error) {
	var list []Fault
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		n := len(list)
		for _, f := range All() {
			if f.Name == name {
				list = append(list, f)
			}
		}
		if len(list) == n {
			return nil, fmt.Errorf("%w %q", ErrUnknown, name)
		}
	}
	return list, nil
}
