package phc_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// The PHC string format specification's own example.
const example = "$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno"

func TestParse(t *testing.T) {
	t.Parallel()
	h, err := phc.Parse(example)
	require.NoError(t, err)
	assert.Equal(t, uint32(65536), h.Memory)
	assert.Equal(t, uint32(2), h.Time)
	assert.Equal(t, uint8(1), h.Parallelism)
	assert.Equal(t, uint32(16), h.SaltLength())
	assert.Equal(t, uint32(32), h.KeyLength())
	assert.Equal(t, example, h.Encode())
}

func TestLengthsRoundTrip(t *testing.T) {
	t.Parallel()
	for salt := phc.MinSaltLength; salt <= phc.MaxSaltLength; salt++ {
		for key := phc.MinKeyLength; key <= phc.MaxKeyLength; key++ {
			encoded := phc.New(4294967295, 4294967295, 255, bytes.Repeat([]byte{0xff}, salt), bytes.Repeat([]byte{0xa5}, key)).Encode()
			assert.LessOrEqual(t, len(encoded), 198)
			h, err := phc.Parse(encoded)
			require.NoError(t, err)
			assert.Equal(t, encoded, h.Encode())
		}
	}
}

func TestPrintingHidesSaltAndKey(t *testing.T) {
	t.Parallel()
	h, err := phc.Parse(example)
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%X"} {
		assert.Equal(t, "argon2id m=65536 t=2 p=1", fmt.Sprintf(verb, h), verb)
		assert.NotContains(t, fmt.Sprintf(verb, struct{ H []phc.Hash }{[]phc.Hash{h}}), "gZiV", verb)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		example, "", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=08,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAA\nAAA$AAAAAAAAAAAAAAAA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		h, err := phc.Parse(encoded)
		var bounds *verdict.BoundsError
		switch {
		case err == nil:
			if h.Encode() != encoded {
				t.Fatalf("%q printed as %q", encoded, h.Encode())
			}
		case !errors.Is(err, verdict.ErrFormat) && !errors.As(err, &bounds):
			t.Fatalf("%q gave %v", encoded, err)
		}
	})
}
