//go:build race

package corpus_test

// raced tells that the race detector is on. With it a sync.Pool forgets one in
// four.
const raced = true
