package corpus

import (
	"context"
	"os"
	"sync/atomic"
	"time"
)

// Access is how a corpus on disk is read.
type Access uint8

const (
	// Map maps the file into memory, which all processes of a host share. It is
	// the default. A host without memory maps reads instead.
	Map Access = iota
	// Read reads one block per look-up, some 10 KB. It is slower and suits
	// network disks and hosts with very little memory. Every read is checked.
	Read
)

// OpenOptions says how to open a corpus. The zero value maps the file.
type OpenOptions struct {
	// Access is how the file is read. Zero is Map.
	Access Access
	// Preload asks the system to read the whole file into memory ahead of the
	// look-ups. Leave it off where the file is larger than the memory.
	Preload bool
}

// Corpus answers from a corpus file whether a password leaked, and how often.
// It implements policy.List. It is safe for concurrent use.
//
// Little of the file is loaded: 8 bytes per block, which are 262 KB for 100
// million passwords. A look-up makes no allocation.
type Corpus struct {
	path    string
	options OpenOptions
	file    atomic.Pointer[file] // nil once closed
}

// Open opens a corpus on disk. It checks the header, the directory and the
// size of the file, and in a full Pwned Passwords corpus that two passwords
// which every such corpus holds are found; the rest is checked block by block
// when it is first used. A file that fails gives a [*FileError].
//
// The Corpus keeps the file that it opened until Reload or Close. Replace a
// corpus as [Build] does, by renaming a new file over the old one, never by
// writing in place.
func Open(path string, options OpenOptions) (*Corpus, error) {
	f, err := openFile(path, options)
	if err != nil {
		return nil, err
	}
	c := &Corpus{path: path, options: options}
	c.file.Store(f)
	return c, nil
}

// FromBytes is [Open] for a corpus in memory, as one that is embedded in a
// program. The bytes must not change. Reload does nothing.
func FromBytes(b []byte) (*Corpus, error) {
	f, err := newFile("corpus", memory(b), int64(len(b)), b)
	if err != nil {
		return nil, err
	}
	c := new(Corpus)
	c.file.Store(f)
	return c, nil
}

// Reload opens the file again if another one has taken its place. Look-ups
// that are under way end in the old file, later ones use the new one. If the new
// file fails as in [Open], Reload returns its error and the old one stays. It
// gives an [*UncheckedError] if the corpus is closed.
func (c *Corpus) Reload() error {
	old := c.file.Load()
	switch {
	case old == nil:
		return &UncheckedError{Reason: ReasonClosed}
	case c.path == "":
		return nil
	}
	info, err := os.Stat(c.path)
	if err != nil {
		return unopened(c.path, err)
	}
	if old.info != nil && os.SameFile(old.info, info) && info.Size() == old.info.Size() && info.ModTime().Equal(old.info.ModTime()) {
		return nil
	}
	f, err := openFile(c.path, c.options)
	if err != nil {
		return err
	}
	if !c.file.CompareAndSwap(old, f) {
		// Another Reload or Close came first.
		f.close()
		if c.file.Load() == nil {
			return &UncheckedError{Reason: ReasonClosed}
		}
	}
	return nil
}

// Close lets the file go. Later look-ups give an error that matches
// policy.ErrUnchecked, and so may those under way. Mapped memory is given back
// once no look-up uses it. Close of a closed Corpus gives an error.
func (c *Corpus) Close() error {
	f := c.file.Swap(nil)
	if f == nil {
		return &UncheckedError{Reason: ReasonClosed}
	}
	f.close()
	return nil
}

// Seen returns how often the password leaked, 0 if the corpus does not hold it,
// and 1 for all that it holds if it has no counts. One password in some 65,000
// that did not leak is found by chance if remainders have 16 bits; see Info.
// Every error is an [*UncheckedError] and matches policy.ErrUnchecked. If ctx
// has ended, the error also matches ctx.Err().
//
// The bytes of the password are hashed as they are given. The empty password
// is never looked up.
func (c *Corpus) Seen(ctx context.Context, password string) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, &UncheckedError{Reason: ReasonCanceled, Err: err}
	}
	f := c.file.Load()
	if f == nil {
		return 0, &UncheckedError{Reason: ReasonClosed}
	}
	k, reason := f.kind.digest(password)
	if reason != "" {
		return 0, &UncheckedError{Reason: reason}
	}
	return f.count(k)
}

// Count is Seen for the hash of a password: 20 bytes of a SHA-1 or 16 bytes of
// an NTLM hash, as the corpus holds.
func (c *Corpus) Count(sum []byte) (int, error) {
	f := c.file.Load()
	if f == nil {
		return 0, &UncheckedError{Reason: ReasonClosed}
	}
	if len(sum) != f.kind.Size() {
		return 0, &UncheckedError{Reason: ReasonWidth}
	}
	return f.count(newKey(sum))
}

// Info tells what a corpus holds.
type Info struct {
	Kind     Kind
	Keys     int64     // different hashes, as far as they are kept
	Bytes    int64     // of the file
	Counts   bool      // whether counts are kept
	MinCount uint32    // passwords that leaked less often are not in the corpus; 1 keeps all
	Full     bool      // built from the whole Pwned Passwords corpus
	Stamp    time.Time // when the data were current; the zero time if not known

	BlockBits     int // first bits of a hash, which choose its block
	RemainderBits int // last bits that are kept; 12 lie between
	// FalsePositives is the share of other passwords that are found by chance.
	FalsePositives float64
}

// Info returns what the corpus holds, or the zero Info if it is closed.
func (c *Corpus) Info() Info {
	f := c.file.Load()
	if f == nil {
		return Info{}
	}
	return f.header.info()
}

func (h *header) info() Info {
	info := Info{
		Kind: h.kind, Keys: h.keys, Bytes: h.fileSize, Counts: h.counts, MinCount: h.minCount, Full: h.full,
		BlockBits: int(h.blockBits), RemainderBits: int(h.remainderBits),
		FalsePositives: float64(h.keys) / float64(uint64(1)<<h.depth()),
	}
	if h.depth() >= 64 {
		info.FalsePositives = float64(h.keys) / (1 << 32) / float64(uint64(1)<<(h.depth()-32))
	}
	if h.stamp != 0 {
		info.Stamp = time.Unix(h.stamp, 0).UTC()
	}
	return info
}
