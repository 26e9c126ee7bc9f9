package argon2

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// No size that a key may need overflows an int, whatever it is on this platform.
func TestSizesFitIntoAnInt(t *testing.T) {
	t.Parallel()
	for _, lanes := range []uint32{1, 3, MaxLanes} {
		p := Params{Variant: ID, Version: Version13, Time: MaxTime, Memory: MaxMemory, Lanes: lanes, KeyLength: MaxKeyLength}
		require.NoError(t, check(p, someone))
		bytes := (uint64(p.blocks())+uint64(lanes)*perLane)*blockSize + 2<<20 // to begin at a huge page
		require.Less(t, bytes, uint64(math.MaxInt))
		require.LessOrEqual(t, uint64(p.blocks()), uint64(p.Memory))
		for _, more := range []uint32{1, MaxMemory, math.MaxUint32 - MaxMemory} {
			p.Memory = MaxMemory + more
			var bounds *verdict.BoundsError
			require.ErrorAs(t, check(p, someone), &bounds)
			require.Equal(t, verdict.ParamMemory, bounds.Param)
		}
	}
}
