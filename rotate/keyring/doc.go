// Package keyring keeps values sealed under keys that turn.
//
// A [Ring] holds the keys of one realm. [Ring.Seal] encrypts a small value, such
// as a password hash or a TOTP seed, under one named key and binds it to a
// [Context]: what the value is for, whose it is, and what it belongs to.
// [Ring.Open] gives the value back only to the same realm, key and context, so a
// sealed value copied into another row, column or deployment opens nothing.
// [Ring.MAC] makes keyed names, for counters and cookies that must not show what
// they stand for.
//
// # Turning a key
//
//  1. Make a key with [NewKey] and add its [Key.Reveal] text to the key file of
//     every process. All of them can now open what it seals.
//  2. Make it the primary: pass its id to [Ring.Seal] from now on. The ring does
//     not know which key is primary, because the processes of one shop must agree
//     on that; keep the id in the database.
//  3. Reseal each stored value for which [Stale] says yes: Open it, then Seal it
//     under the primary.
//  4. When no stored value names the old key any more ([KeyID]), remove its line.
//
// A key that is removed too early loses data: Open then fails with a
// [*MissingKeyError] that names the key, and works again once the key is back.
//
// # Format
//
// Sealed values and keys are printable ASCII with a version in front. FORMAT.md,
// beside this file, gives the exact bytes; testdata holds values of each version
// that every later release must open.
//
// # What it does not do
//
// The length of a value is not hidden. An old sealed value put back in its own
// row opens, since nothing in it is wrong; bind a version or an enrolment id with
// [Context.Binding] where that matters. A process that is running holds the keys
// in its memory.
package keyring
