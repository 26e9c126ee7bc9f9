package totp_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// One secret serves every method from many goroutines at once.
func TestSecretParallel(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	code, uri := s.Code(noon), s.URI("Acme", "ann")
	stored, err := s.MarshalBinary()
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				assert.Equal(t, code, s.Code(noon))
				_, err := s.Verify(code, noon, -1, totp.Window{Past: 1, Future: 1})
				assert.NoError(t, err)
				assert.Equal(t, uri, s.URI("Acme", "ann"))
				bytes, err := s.MarshalBinary()
				assert.NoError(t, err)
				assert.Equal(t, stored, bytes)
				assert.True(t, s.Equal(s))
				assert.Equal(t, rfcText, s.Reveal())
			}
			_, err := s.QR("Acme", "ann", 0)
			assert.NoError(t, err)
		})
	}
	wg.Wait()
}
