package rotate

import "time"

// Event says what happened to a credential. Events are written in the
// transaction that made them true and delivered at least once, each time with
// the same ID. They hold no password, code, ticket, seed, key or address: a
// mailer that has to send a code asks [Keeper.Issue] for it when it sends.
type Event struct {
	// ID is random and stable over repeated deliveries.
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Account is whom it concerns; "" for events of the realm.
	Account string `json:"account,omitempty"`
	// Reason, By and Order say why a change is due, until when, and by which
	// order, where that applies.
	Reason Reason    `json:"reason,omitempty"`
	By     time.Time `json:"by,omitzero"`
	Order  ID        `json:"order,omitempty"`
	// Actor is the member of staff who acted; "" where the customer did.
	Actor string `json:"actor,omitempty"`
	// Left is how many recovery codes are left, in RecoveryUsed.
	Left int `json:"left,omitempty"`
	// Key is the id of the key concerned, in key events and Unreadable.
	Key string `json:"key,omitempty"`
	// To is the new account id, in Moved.
	To string `json:"to,omitempty"`
}

// Kind is the kind of an event.
type Kind string

// The kinds of events. Those marked "tell the customer" are changes the
// standards want announced (NIST SP 800-63B-4, 4.6; ASVS 5.0, 6.3.7). Such
// notices carry no link and no code.
const (
	SignedUp           Kind = "signed_up"
	Adopted            Kind = "adopted"
	CredentialImported Kind = "imported"
	PasswordChanged    Kind = "password_changed" // tell the customer
	PasswordReset      Kind = "password_reset"   // tell the customer
	ResetIssued        Kind = "reset_issued"
	HashUpgraded       Kind = "hash_upgraded"
	BreachFound        Kind = "breach_found"
	Locked             Kind = "locked"   // guessing reached a timed lock
	Disabled           Kind = "disabled" // tell the customer: only a reset helps
	Unlocked           Kind = "unlocked"
	FactorEnrolled     Kind = "factor_enrolled" // tell the customer
	FactorRemoved      Kind = "factor_removed"  // tell the customer
	RecoveryIssued     Kind = "recovery_issued" // tell the customer
	RecoveryUsed       Kind = "recovery_used"   // tell the customer
	SessionsEnded      Kind = "sessions_ended"
	SessionEnded       Kind = "session_ended"   // step-up failed too often
	ChangeForced       Kind = "change_forced"   // one row became due by itself
	ChangeReminder     Kind = "change_reminder" // tell the customer
	OrderPlaced        Kind = "order_placed"
	OrderWithdrawn     Kind = "order_withdrawn"
	GroupChanged       Kind = "group_changed"
	Moved              Kind = "moved"
	Erased             Kind = "erased"
	Unreadable         Kind = "unreadable" // tell the operator: a seal or a hash cannot be read
	KeyAdded           Kind = "key_added"
	KeyPromoted        Kind = "key_promoted"
	KeyDropped         Kind = "key_dropped"
	RealmRestored      Kind = "realm_restored"
)
