package tables

// Seed is the hash of nothing.
const Seed uint64 = 0x9e3779b97f4a7c15

// Step returns the hash of a text with one more sign.
func Step(h uint64, r rune) uint64 {
	h = (h ^ uint64(uint32(r))) * 0xd6e8feb86659fd93
	return h ^ h>>32
}

// Finish spreads a hash over all its bits: the upper ones choose the bucket,
// the lower ones are the fingerprint.
func Finish(h uint64) uint64 {
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}

// gramKey is the hash of a sign after a context.
func gramKey(context uint64, r rune) uint64 { return Finish(Step(context^0x5851f42d4c957f2d, r)) }

// backoffKey is the hash of a context.
func backoffKey(context uint64) uint64 { return Finish(context ^ 0x14057b7ef767814f) }
