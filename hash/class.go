package hash

import "context"

// Class says who waits for a hash, and so who goes first when more are wanted
// than a Budget can compute at once. A call gets it from its context; see
// WithClass.
//
// A class is a promise of the caller about who is asking, so it must not come
// from what a visitor typed: anybody can type a known name, and if that alone
// made the answer faster, it would tell which names exist.
type Class uint8

const (
	// Stranger is a visitor of whom nothing is known, such as one who signs in
	// from a new device. It is the class of every context that has none.
	Stranger Class = iota
	// Known is somebody who has proved something already: a recognised device,
	// a signed-in customer, the holder of a mailed ticket. All of them wait in one
	// line without a share for each account, so one account must not be able to
	// fill it: bound what it may ask for.
	Known
	// Staff is a signed-in member of staff, or a service of one's own.
	Staff

	classes = iota
)

// String returns "stranger", "known" or "staff".
func (c Class) String() string { return [...]string{"stranger", "known", "staff"}[c.valid()] }

// valid returns the class, or Stranger for a number that is no class.
func (c Class) valid() Class {
	if c >= classes {
		return Stranger
	}
	return c
}

type classKey struct{}

// WithClass returns a context whose hashes are computed as those of the given
// class, whatever class ctx has. A number that is no class counts as Stranger.
func WithClass(ctx context.Context, class Class) context.Context {
	return context.WithValue(ctx, classKey{}, class.valid())
}

// ClassOf returns the class of a context. It is for code in the middle that must
// not lower what its caller knows.
func ClassOf(ctx context.Context) Class {
	class, _ := ctx.Value(classKey{}).(Class)
	return class
}
