package corpus

import (
	"context"
	"encoding/binary"
	"iter"
)

// Entry is one password of a corpus, as far as it is kept.
type Entry struct {
	// Sum begins with the first Info.BlockBits + 12 + Info.RemainderBits bits of
	// the hash. The others are zero.
	Sum [16]byte
	// Count is how often the password leaked, at least Info.MinCount, or
	// MinCount for all if the corpus has no counts.
	Count uint32
}

// Entries returns all entries in ascending order. It reads and checks one block
// after the other, with memory for one. After an error, which is a [*FileError],
// an [*UncheckedError] if the corpus is closed, or one that matches ctx.Err(),
// there are no more. It may run beside look-ups.
func (c *Corpus) Entries(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		f := c.file.Load()
		if f == nil {
			yield(Entry{}, &UncheckedError{Reason: ReasonClosed})
			return
		}
		from := existingCursor{&existing{f}, make([]byte, f.largest)}
		var b batch
		for i := range f.blocks() {
			b.reset()
			s := f.layout.stretchOf(i)
			s.minCount = 0
			if err := from.load(ctx, s, &b); err != nil {
				yield(Entry{}, err)
				return
			}
			for j, k := range b.keys {
				e := Entry{Count: b.counts[j]}
				binary.BigEndian.PutUint64(e.Sum[:], k.high)
				binary.BigEndian.PutUint64(e.Sum[8:], k.low)
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
