// Package corpus keeps a whole corpus of leaked password hashes, such as Pwned
// Passwords, in one file that every process of a host can ask in less than a
// microsecond.
//
// [Build] makes the file from a sorted text, a folder of range files, a list of
// passwords, other corpora, or several of these. [Open] opens it as a
// policy.List: a look-up tells whether a password leaked and, if the file has
// counts, exactly how often. Nothing leaves the process. [Update] downloads a
// corpus from Pwned Passwords or a mirror, and later only what changed in it.
//
// # What a file keeps
//
// A file keeps the first bits of each hash: enough to choose one of as many
// slots as there are hashes, and 8 to 40 more. So a password that did not leak
// is found by chance, with 16 bits one in some 65,000 and with 32 one in some
// 4,000 million, and one that leaked is always found. At 100 million hashes it
// takes 18.8 bits per hash, and 22 with exact counts. FORMAT.md beside this
// file describes every byte.
//
// # What is checked
//
// The header and the directory are checked when a file is opened, every block
// when it is first used, and everything by [Corpus.Verify]. A file that was
// cut or has a flipped bit gives a right answer or an error, never a wrong "not
// found". An error of a look-up matches policy.ErrUnchecked and names neither
// the password, nor its hash, nor a place in the file.
package corpus
