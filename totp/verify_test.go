package totp_test

import (
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// Every distance from -3 to +3 steps against every window up to two steps.
func TestVerifyWindow(t *testing.T) {
	for _, o := range kinds() {
		s := fromKey(t, rfcKey, o)
		now := s.Step(noon)
		for past := 0; past <= 2; past++ {
			for future := 0; future <= 2; future++ {
				for distance := -3; distance <= 3; distance++ {
					w := totp.Window{Past: past, Future: future}
					code := s.Code(noon.Add(time.Duration(distance) * s.Period()))
					step, err := s.Verify(code, noon, -1, w)
					if distance >= -past && distance <= future {
						require.NoError(t, err, "%+v distance %d", w, distance)
						require.Equal(t, now+totp.Step(distance), step)
					} else {
						require.ErrorIs(t, err, totp.ErrCode, "%+v distance %d", w, distance)
						require.Equal(t, totp.Step(-1), step)
					}
				}
			}
		}
	}
}

func TestVerifyWindowBounds(t *testing.T) {
	s := totp.NewSecret()
	for _, w := range []totp.Window{
		{Past: -1}, {Future: -1}, {Past: totp.MaxWindow + 1}, {Future: totp.MaxWindow + 1},
		{Past: math.MaxInt}, {Future: math.MinInt},
	} {
		step, err := s.Verify(s.Code(noon), noon, 5, w)
		var bounds *totp.BoundsError
		require.ErrorAs(t, err, &bounds, "%+v", w)
		assert.Equal(t, totp.MaxWindow, bounds.Max)
		assert.Equal(t, totp.Step(5), step)
	}
	_, err := s.Verify(s.Code(noon), noon, -1, totp.Window{Past: totp.MaxWindow, Future: totp.MaxWindow})
	assert.NoError(t, err)
}

// A code works once; so does the older of two after the newer, and A after B
// after A.
func TestVerifyReplay(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	w := totp.Window{Past: 2, Future: 2}
	a, b := s.Code(noon), s.Code(noon.Add(s.Period()))

	after, err := s.Verify(a, noon, -1, w)
	require.NoError(t, err)
	again, err := s.Verify(a, noon, after, w)
	require.ErrorIs(t, err, totp.ErrReplayed)
	require.Equal(t, after, again)

	newer, err := s.Verify(b, noon, after, w)
	require.NoError(t, err)
	require.Equal(t, after+1, newer)
	for _, code := range []string{a, b, a} {
		same, err := s.Verify(code, noon, newer, w)
		require.ErrorIs(t, err, totp.ErrReplayed)
		require.Equal(t, newer, same)
	}

	// Skipping a step and coming back to it is a replay as well.
	_, err = s.Verify(a, noon, newer+100, w)
	require.ErrorIs(t, err, totp.ErrReplayed)
	// Outside the window a used code is just wrong.
	_, err = s.Verify(a, noon.Add(10*s.Period()), newer, w)
	require.ErrorIs(t, err, totp.ErrCode)
}

// Whatever after is, an accepted step is above it and inside the window, and a
// refusal leaves after alone.
func TestVerifyNeverGoesBack(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	now := s.Step(noon)
	w := totp.Window{Past: 1, Future: 1}
	for _, after := range []totp.Step{math.MinInt64, -1, 0, now - 2, now - 1, now, now + 1, now + 2, math.MaxInt64} {
		for distance := -2; distance <= 2; distance++ {
			step, err := s.Verify(s.Code(noon.Add(time.Duration(distance)*s.Period())), noon, after, w)
			if err != nil {
				require.Equal(t, after, step)
				continue
			}
			require.Greater(t, step, after)
			require.Equal(t, now+totp.Step(distance), step)
		}
	}
}

// When two steps of a window happen to share their digits, both are used up.
func TestVerifyCollisionTakesTheHighest(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	// Walk until two steps at most ten apart show the same code.
	seen := map[string]totp.Step{}
	for step := totp.Step(0); ; step++ {
		require.Less(t, step, totp.Step(2_000_000), "no collision found")
		at := time.Unix(int64(step)*30, 0)
		code := s.Code(at)
		if low, ok := seen[code]; ok && step-low <= totp.MaxWindow {
			w := totp.Window{Past: totp.MaxWindow}
			got, err := s.Verify(code, at, -1, w)
			require.NoError(t, err)
			require.Equal(t, step, got)
			_, err = s.Verify(code, at, got, w)
			require.ErrorIs(t, err, totp.ErrReplayed)
			// The lower step used, the higher still opens.
			got, err = s.Verify(code, at, low, w)
			require.NoError(t, err)
			require.Equal(t, step, got)
			return
		}
		seen[code] = step
	}
}

func TestVerifyAtTheEdgesOfTime(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	wide := totp.Window{Past: totp.MaxWindow, Future: totp.MaxWindow}

	step, err := s.Verify("755224", time.Unix(0, 0), -1, wide) // RFC 4226, counter 0
	require.NoError(t, err)
	assert.Equal(t, totp.Step(0), step)
	_, err = s.Verify("755224", time.Unix(0, 0), 0, wide)
	assert.ErrorIs(t, err, totp.ErrReplayed)
	step, err = s.Verify("287082", time.Unix(-1, 0), -1, totp.Window{Future: 2})
	require.NoError(t, err, "a server a second before 1970, an app ahead of it")
	assert.Equal(t, totp.Step(1), step)

	for _, at := range []time.Time{{}, time.Unix(-1, 0), time.Unix(-1<<40, 0), time.Unix(math.MinInt64, 0), time.Unix(math.MaxInt64, 0)} {
		for _, after := range []totp.Step{math.MinInt64, -1, math.MaxInt64} {
			_, err = s.Verify("000000", at, after, wide)
			assert.ErrorIs(t, err, totp.ErrCode, "%d", at.Unix())
		}
	}
	late := time.Unix(20_000_000_000, 0)
	step, err = s.Verify(s.Code(late), late, 0, totp.Window{})
	require.NoError(t, err)
	assert.Equal(t, totp.Step(666_666_666), step)
}

func TestVerifyZeroSecret(t *testing.T) {
	var s totp.Secret
	for _, code := range []string{"", "000000", "755224"} {
		step, err := s.Verify(code, noon, 7, totp.Window{Past: 1})
		assert.ErrorIs(t, err, totp.ErrZero)
		assert.Equal(t, totp.Step(7), step)
	}
	assert.Empty(t, s.Code(noon))
	assert.Zero(t, s.Step(noon))
}

func TestVerifyForgivesTyping(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{}) // 287082 at second 59
	at := time.Unix(59, 0)
	for _, code := range []string{
		"287082", " 287082 ", "287 082", "287-082", "2 8 7 0 8 2", "287\u2013082", "287\u00a0082", "\u3000287\t082\n",
		"\u200e287082\u200f", "\ufeff287082", "２８７０８２", "２８７－０８２", "２８７ー０８２", "۲۸۷۰۸۲", "٢٨٧٠٨٢", "२८७०८२", "𝟚𝟠𝟟𝟘𝟠𝟚",
	} {
		_, err := s.Verify(code, at, -1, totp.Window{})
		assert.NoError(t, err, "%q", code)
	}
	for _, code := range []string{
		"", " ", "28708", "2870820", "0287082", "287082 287082", "28708x", "287.082", "+287082", "2870８", "0x4616a",
		"287082\x00", "287082\xff", "²⁸⁷⁰⁸²", "②⑧⑦⓪⑧②", "28708O",
		strings.Repeat(" ", 59) + "287082",
	} {
		_, err := s.Verify(code, at, -1, totp.Window{})
		assert.ErrorIs(t, err, totp.ErrCode, "%q", code)
	}
}

// The digits of every script that Unicode has are understood, by their value.
func TestVerifyReadsEveryScript(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	scripts := 0
	try := func(lo, hi, stride rune) {
		require.EqualValues(t, 1, stride, "%U", lo)
		require.Zero(t, (hi-lo+1)%10, "%U", lo)
		for zero := lo; zero <= hi; zero += 10 {
			var code strings.Builder
			for _, c := range "287082" {
				code.WriteRune(zero + c - '0')
			}
			_, err := s.Verify(code.String(), time.Unix(59, 0), -1, totp.Window{})
			require.NoError(t, err, "%q", code.String())
			scripts++
		}
	}
	for _, run := range unicode.Nd.R16 {
		try(rune(run.Lo), rune(run.Hi), rune(run.Stride))
	}
	for _, run := range unicode.Nd.R32 {
		try(rune(run.Lo), rune(run.Hi), rune(run.Stride))
	}
	assert.Greater(t, scripts, 50)
}

// Many logins with one code and a store that only lets the step rise: exactly
// one gets in.
func TestVerifyParallelDoubleSubmit(t *testing.T) {
	s := totp.NewSecret()
	code := s.Code(noon)
	var stored, accepted atomic.Int64
	stored.Store(-1)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			before := stored.Load()
			step, err := s.Verify(code, noon, totp.Step(before), totp.Window{Past: 1, Future: 1})
			if err == nil && stored.CompareAndSwap(before, int64(step)) {
				accepted.Add(1)
			} else if err != nil && !errors.Is(err, totp.ErrReplayed) {
				t.Errorf("unexpected: %v", err)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, accepted.Load())
}

// Only the digits of the code open it, however they are dressed.
func FuzzVerify(f *testing.F) {
	for _, seed := range []string{"287082", "287 082", "２８７０８２", "", "2870821", "\xff", "abcdef"} {
		f.Add(seed, int64(59))
	}
	f.Add("755224", int64(-1))
	s := fromKey(f, rfcKey, totp.Options{})
	f.Fuzz(func(t *testing.T, code string, unix int64) {
		at := time.Unix(unix, 0)
		step, err := s.Verify(code, at, -1, totp.Window{})
		if err != nil {
			require.ErrorIs(t, err, totp.ErrCode)
			return
		}
		require.Equal(t, s.Step(at), step)
		var digits strings.Builder
		for _, r := range code {
			if unicode.Is(unicode.Nd, r) {
				digits.WriteRune(r)
			}
		}
		require.Len(t, []rune(digits.String()), 6)
		_, err = s.Verify(s.Code(at), at, step, totp.Window{})
		require.ErrorIs(t, err, totp.ErrReplayed)
	})
}
