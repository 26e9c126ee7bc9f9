package corpus

import "context"

// Source is what a corpus is built from: [TextFile], [TextReader], [RangeDir],
// [RangeFS], [PasswordFile], [CorpusFile] or [Merge] of several. A Source may be
// used again, and by several builds at once.
type Source interface {
	// open begins to read. The workspace is where it may keep files meanwhile.
	open(ctx context.Context, w workspace) (reader, error)
}

// workspace is what a source may use while it is read.
type workspace struct {
	kind     Kind
	dir      string // for files that are gone afterwards
	progress func(stage Stage, done, total int64)
}

// facts are what is known of a source before it is read.
type facts struct {
	size    int64  // what the bytes of all batches sum up to
	depth   uint   // how many first bits of a hash are known
	counted bool   // the counts are real
	least   uint32 // no count is smaller
	full    bool   // the source is known to hold the whole Pwned Passwords
	stamp   int64  // when it was current, or 0

	complete bool // nothing is missing, however the hashes lie
}

// reader is a source that is being read. Its cursors may read it several times
// over, each time followed by finish.
type reader interface {
	facts() facts
	// expect estimates how many keys have at least a count, and its error as a
	// share of one.
	expect(minCount uint32) (keys, deviation float64, err error)
	// cursor returns what one worker reads with.
	cursor() cursor
	// finish checks, after all stretches were read, that they make a whole.
	finish() error
	// hole returns the error for a distance between two neighbours that is too
	// wide, or for a source without any hash.
	hole(gap uint64) error
	close()
}

// cursor reads one stretch after the other, in any order.
type cursor interface {
	// load adds the keys of a stretch to the batch. Those that it holds are of
	// the stretch before.
	load(ctx context.Context, s stretch, into *batch) error
}
