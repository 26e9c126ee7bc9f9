// Package rotate keeps the credentials of a shop: who may sign in, with what,
// and when a password has to be changed.
//
// A [Keeper] is what a shop calls. It checks new passwords, hashes and seals
// them, counts guesses before they are compared, asks for a second factor,
// upgrades weak hashes at sign-in, and makes millions of accounts due for a new
// password with one [Order]. It answers with a [Decision]: what to do next, and
// a [Session] to keep only if that is [Proceed]. The cookies, pages and mails
// are the shop's own; package web fits the Decision to net/http.
//
// # A sign-in
//
// [Keeper.Login] is one screen long and reads aloud what happens. Between a
// right password and a code there is a ticket, not a session; it goes into the
// next form and to [Keeper.Continue]. Ask [Keeper.Valid] on every request of a
// signed-in visitor: it is one indexed read.
//
// # Forced changes
//
// Rotation follows events: a compromise, a hit in a breach list, the first use
// of a handed-out password, a policy that was raised, a hash too weak to keep.
// Age limits exist and are off, as NIST SP 800-63B-4, 3.1.1.2 demands, unless
// [Rules] of a standard that asks for them turn them on. What a change needs
// follows from its [Reason]: after a leak the old password is the stolen thing
// and proves nothing.
//
// A policy that was raised is noticed at the next sign-in, where the password is
// typed and can be checked: [Recheck] says whether that warns, gives a time or
// blocks. [Keeper.PolicyProgress] counts how far a group has come.
//
// # Storage
//
// A [Store] holds the rows: memstore in memory, sqlstore on database/sql. Its
// contract is in the comments of [Store], and package storetest checks it.
// Hashes, seeds and former passwords are sealed by package keyring before a
// Store sees them; the key file must not lie beside the database.
//
// # Accounts
//
// An account is the shop's own immutable id of a customer, 1 to 255 bytes. It
// never is an e-mail address: every seal is bound to it, and people change
// addresses. A shop with a customers table of its own keeps it and implements
// [Customers]; hashes found there are adopted at the first sign-in.
package rotate
