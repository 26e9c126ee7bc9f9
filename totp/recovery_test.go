package totp_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

var recoveryForm = regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$`)

func sums(codes []totp.RecoveryCode) []totp.Sum {
	all := make([]totp.Sum, len(codes))
	for i, c := range codes {
		all[i] = c.Sum()
	}
	return all
}

func TestNewRecoveryCodes(t *testing.T) {
	for asked, want := range map[int]int{0: 10, 1: 1, 7: 7, 100: 100} {
		codes, err := totp.NewRecoveryCodes(asked)
		require.NoError(t, err)
		require.Len(t, codes, want)
		seen := map[string]bool{}
		for _, c := range codes {
			require.Regexp(t, recoveryForm, c.Reveal())
			require.False(t, seen[c.Reveal()])
			seen[c.Reveal()] = true
		}
	}
	for _, asked := range []int{-1, 101, math.MaxInt, math.MinInt} {
		_, err := totp.NewRecoveryCodes(asked)
		var bounds *totp.BoundsError
		assert.ErrorAs(t, err, &bounds, "%d", asked)
	}
}

// All 32 characters occur at every place: 24 characters of 5 bits are 120
// bits, above the 112 from which a plain hash is a fit stored form.
func TestRecoveryCodesUseTheirAlphabet(t *testing.T) {
	seen := map[[2]int]bool{}
	for range 20 {
		codes, err := totp.NewRecoveryCodes(100)
		require.NoError(t, err)
		for _, c := range codes {
			for i, r := range strings.ReplaceAll(c.Reveal(), "-", "") {
				seen[[2]int{i, int(r)}] = true
			}
		}
	}
	// Each of the 768 pairs is missed with a chance of 1e-27.
	assert.Len(t, seen, 24*32)
}

func TestParseRecoveryCodeForgives(t *testing.T) {
	const want = "0123-4567-89AB-CDEF-GHJK-01VW"
	for _, typed := range []string{
		want, strings.ToLower(want), strings.ReplaceAll(want, "-", ""), strings.ReplaceAll(want, "-", " "),
		strings.ReplaceAll(want, "-", "\u2013"), "  " + want + "\n", "\u200e" + want, "012345-6789AB-CDEFGH-JK01VW",
		"O123-4567-89AB-CDEF-GHJK-OIVW", "o123-4567-89ab-cdef-ghjk-olvw", "0I23-4567-89AB-CDEF-GHJK-0LVW",
		"０１２３－４５６７－８９ＡＢ－ＣＤＥＦ－ＧＨＪＫ－０１ＶＷ", "０１２３ー４５６７ー８９ａｂーｃｄｅｆーｇｈｊｋーｏｌｖｗ",
	} {
		code, err := totp.ParseRecoveryCode(typed)
		require.NoError(t, err, "%q", typed)
		assert.Equal(t, want, code.Reveal(), "%q", typed)
	}
	for _, typed := range []string{
		"", " ", "287082", want[:28], want + "0", want + want, "U" + want[1:], "*" + want[1:], "é" + want[1:],
		want + "\x00", want + "\xff", want + "_", strings.Repeat(" ", 256) + want,
	} {
		code, err := totp.ParseRecoveryCode(typed)
		assert.ErrorIs(t, err, totp.ErrRecovery, "%q", typed)
		assert.Empty(t, code.Reveal())
	}
}

// The stored form is SHA-256 of the bare characters, so that another system
// can take it over. It never changes: sums like this are in databases.
func TestRecoverySumGolden(t *testing.T) {
	code, err := totp.ParseRecoveryCode("0123-4567-89AB-CDEF-GHJK-MNPQ")
	require.NoError(t, err)
	sum := code.Sum()
	assert.Equal(t, "29ccd886d929fe050396086d70689724e32c8f9ace972d0f1419883adc9e0ee2", hex.EncodeToString(sum[:]))
	assert.Equal(t, totp.Sum(sha256.Sum256([]byte("0123456789ABCDEFGHJKMNPQ"))), sum)
}

func TestMatchRecovery(t *testing.T) {
	codes, err := totp.NewRecoveryCodes(0)
	require.NoError(t, err)
	stored := sums(codes)
	for i, c := range codes {
		typed, err := totp.ParseRecoveryCode(strings.ToLower(c.Reveal()))
		require.NoError(t, err)
		index, err := totp.MatchRecovery(stored, typed)
		require.NoError(t, err)
		assert.Equal(t, i, index)
	}

	// A used code is blanked or removed: it is gone, the others stay.
	stored[3] = totp.Sum{}
	index, err := totp.MatchRecovery(stored, codes[3])
	assert.ErrorIs(t, err, totp.ErrRecovery)
	assert.Equal(t, -1, index)
	index, err = totp.MatchRecovery(stored, codes[4])
	assert.NoError(t, err)
	assert.Equal(t, 4, index)

	stranger, err := totp.NewRecoveryCodes(1)
	require.NoError(t, err)
	for _, left := range [][]totp.Sum{stored, nil, {}} {
		index, err = totp.MatchRecovery(left, stranger[0])
		assert.ErrorIs(t, err, totp.ErrRecovery)
		assert.Equal(t, -1, index)
	}
}

// The zero code and the zero sum match nothing, least of all each other.
func TestZeroRecovery(t *testing.T) {
	var code totp.RecoveryCode
	assert.Empty(t, code.Reveal())
	assert.Zero(t, code.Sum())
	index, err := totp.MatchRecovery([]totp.Sum{{}, code.Sum()}, code)
	assert.ErrorIs(t, err, totp.ErrZero)
	assert.Equal(t, -1, index)
}

func TestMatchRecoveryBounds(t *testing.T) {
	codes, err := totp.NewRecoveryCodes(1)
	require.NoError(t, err)
	var bounds *totp.BoundsError
	index, err := totp.MatchRecovery(make([]totp.Sum, 101), codes[0])
	assert.ErrorAs(t, err, &bounds)
	assert.Equal(t, -1, index)
}

func TestReadSum(t *testing.T) {
	codes, err := totp.NewRecoveryCodes(1)
	require.NoError(t, err)
	want := codes[0].Sum()
	stored := append([]byte{}, want[:]...)
	sum, err := totp.ReadSum(stored)
	require.NoError(t, err)
	clear(stored)
	assert.Equal(t, want, sum)
	for _, size := range []int{0, 31, 33} {
		_, err := totp.ReadSum(make([]byte, size))
		assert.ErrorIs(t, err, totp.ErrFormat, "%d", size)
	}
}

func TestRecoveryParallel(t *testing.T) {
	codes, err := totp.NewRecoveryCodes(0)
	require.NoError(t, err)
	stored := sums(codes)
	var wg sync.WaitGroup
	for i, c := range codes {
		wg.Go(func() {
			for range 50 {
				index, err := totp.MatchRecovery(stored, c)
				assert.NoError(t, err)
				assert.Equal(t, i, index)
			}
		})
	}
	wg.Wait()
}

// Never panics; what is read prints as the canonical form, which reads as the
// same code.
func FuzzParseRecoveryCode(f *testing.F) {
	for _, seed := range []string{"0123-4567-89AB-CDEF-GHJK-MNPQ", "olvw", "", "\xff", "０１２３", strings.Repeat("O", 24)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := totp.ParseRecoveryCode(typed)
		if err != nil {
			require.ErrorIs(t, err, totp.ErrRecovery)
			require.Empty(t, code.Reveal())
			return
		}
		require.Regexp(t, recoveryForm, code.Reveal())
		again, err := totp.ParseRecoveryCode(code.Reveal())
		require.NoError(t, err)
		require.Equal(t, code.Sum(), again.Sum())
		require.Equal(t, code.Reveal(), again.Reveal())
	})
}
