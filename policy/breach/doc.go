// Package breach answers one question about a password: has it leaked?
//
// These sources answer it, and all implement policy.List:
//
//   - [Range] asks the range interface of Pwned Passwords, or a mirror of it,
//     over HTTPS. Five hexadecimal characters of the password's SHA-1 leave the
//     process, never more.
//   - [File] looks in a sorted HASH:COUNT text file on disk. Nothing leaves the
//     process.
//   - Package corpus looks in a file of its own, much smaller than the text and
//     much faster.
//   - Package embedded has some passwords in memory. It is always there.
//   - [Chain] asks several of these as one.
//
// # Three answers
//
// Seen has three answers: a count above zero (the password leaked that often),
// zero (the source was read completely and does not hold the password), and an
// error (the source could not tell). An error is never a zero. Every error of
// Seen matches policy.ErrUnchecked with [errors.Is]. [errors.As] finds out why: an
// [*UncheckedError] of a Range or File, a *corpus.UncheckedError of package corpus
// or embedded, either or both of a Chain. What to do then is the caller's choice:
// ask another source, as a Chain does, accept and look again later, or refuse.
//
// # What stays secret
//
// No error of this package names a password, a hash or any part of one. An
// error of a look-up in a file names no place in that file either, since the
// file is sorted and a place in it tells the first half of the hash.
//
// # Bytes
//
// A source hashes the bytes of the password as they are given. Pwned Passwords
// counts UTF-8 text. A caller that normalises passwords (NFC) passes the
// normalised form. The empty password is never looked up.
package breach
