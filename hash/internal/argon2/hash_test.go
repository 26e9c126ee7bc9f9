package argon2

import (
	"encoding"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/blake2b"
)

// A digest that was wiped is as one that never read anything, its buffer too.
func TestDigestsAreWiped(t *testing.T) {
	t.Parallel()
	state := func(d any) []byte {
		bytes, err := d.(encoding.BinaryMarshaler).MarshalBinary()
		require.NoError(t, err)
		return bytes
	}
	for _, size := range []int{1, 32, 63, 64} {
		for _, length := range []int{0, 1, 127, 128, 129, 256, 1024} {
			digest := sized(size)
			before := state(digest)
			for i := range length {
				digest.Write([]byte{byte(i) | 1})
			}
			digest.Sum(nil)
			if length > 0 {
				digest.Reset()
				require.NotEqual(t, before, state(digest), "the reason for wipe")
			}
			wipe(digest)
			require.Equal(t, before, state(digest))
		}
	}
}

// The lengths around those at which H' changes its way, against BLAKE2b step by
// step.
func TestExpand(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 4, 32, 63, 64, 65, 95, 96, 97, 127, 128, 129, 1023, 1024} {
		in, got := []byte("some input"), make([]byte, length)
		expand(got, in)
		in = append([]byte{byte(length), byte(length >> 8), 0, 0}, in...)
		var want []byte
		for rest := length; ; {
			size := min(rest, blake2b.Size)
			digest, err := blake2b.New(size, nil)
			require.NoError(t, err)
			digest.Write(in)
			in = digest.Sum(nil)
			if rest <= blake2b.Size {
				want = append(want, in...)
				break
			}
			want = append(want, in[:blake2b.Size/2]...)
			rest -= blake2b.Size / 2
		}
		require.Equal(t, want, got)
	}
}
