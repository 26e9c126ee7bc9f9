package rotate

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSourceBurstAndRefill: as many tries as the burst at once, then one each
// time one is earned, and never more than the burst.
func TestSourceBurstAndRefill(t *testing.T) {
	s := newSources(SourceLimit{Burst: 3, Every: 2 * time.Second})
	take := func(at time.Duration) time.Duration {
		wait, ok := s.take("192.0.2.1", noon.Add(at))
		require.Equal(t, ok, wait == 0)
		return wait
	}
	for range 3 {
		require.Zero(t, take(0))
	}
	for range 100 {
		require.Equal(t, 2*time.Second, take(0), "a refused try costs nothing")
	}
	require.Equal(t, time.Second, take(time.Second))
	require.Zero(t, take(2*time.Second))
	require.Equal(t, 2*time.Second, take(2*time.Second))
	require.Equal(t, time.Microsecond, take(4*time.Second-time.Microsecond))
	require.Zero(t, take(4*time.Second))
	for range 3 {
		require.Zero(t, take(time.Hour))
	}
	require.Equal(t, 2*time.Second, take(time.Hour))
	wait, ok := s.take("192.0.2.2", noon)
	require.True(t, ok, "another address has its own")
	require.Zero(t, wait)
}

// TestSourceNeverMoreThanBurstAndRate: a hundred tries a second for 100 seconds.
func TestSourceNeverMoreThanBurstAndRate(t *testing.T) {
	s := newSources(SourceLimit{Burst: 5, Every: time.Second})
	passed := 0
	for i := range 10000 {
		if _, ok := s.take("a", noon.Add(time.Duration(i)*10*time.Millisecond)); ok {
			passed++
		}
	}
	require.Equal(t, 5+99, passed, "100 seconds less one step")
}

// TestSourceWhenTheClockIsSetBack: nobody is locked out for longer than an empty
// bucket takes to fill.
func TestSourceWhenTheClockIsSetBack(t *testing.T) {
	s := newSources(SourceLimit{Burst: 3, Every: 2 * time.Second})
	for range 3 {
		_, ok := s.take("a", noon)
		require.True(t, ok)
	}
	wait, ok := s.take("a", noon.Add(-day))
	require.False(t, ok)
	require.Equal(t, 2*time.Second, wait)
	_, ok = s.take("a", noon.Add(-day).Add(wait))
	require.True(t, ok)
}

// TestSourceDefaults, and what is not limited.
func TestSourceDefaults(t *testing.T) {
	s := newSources(SourceLimit{})
	for i := range 31 {
		wait, ok := s.take("a", noon)
		require.Equal(t, i < 30, ok)
		if !ok {
			require.Equal(t, 2*time.Second, wait)
		}
	}
	for range 1000 {
		_, ok := s.take("", noon)
		require.True(t, ok, "an unknown address")
		_, ok = newSources(SourceLimit{Off: true, Burst: 1}).take("a", noon)
		require.True(t, ok)
	}
	require.Equal(t, 1, s.recent.Len())
	require.Equal(t, 1<<16, s.limit.Addresses)
}

// TestSourceForgetsTheLeastRecent: no number of addresses takes more memory, and
// those that keep coming are not forgotten for the sake of new ones.
func TestSourceForgetsTheLeastRecent(t *testing.T) {
	const bound = 100
	s := newSources(SourceLimit{Burst: 1, Every: time.Hour, Addresses: bound})
	_, ok := s.take("busy", noon)
	require.True(t, ok)
	for i := range 20 * bound {
		_, ok := s.take(fmt.Sprint("10.0.", i/256, ".", i%256), noon)
		require.True(t, ok)
		if i%50 == 0 {
			_, ok = s.take("busy", noon)
			require.False(t, ok, "after %d others", i)
		}
		require.LessOrEqual(t, s.recent.Len(), bound)
		require.Len(t, s.by, s.recent.Len())
	}
	_, ok = s.take("10.0.0.0", noon)
	require.True(t, ok, "this one was forgotten")
	require.Len(t, s.by, bound)
}

// TestSourceInParallel: exactly the burst passes, and nothing races.
func TestSourceInParallel(t *testing.T) {
	s := newSources(SourceLimit{Burst: 20, Every: time.Hour, Addresses: 4})
	var passed atomic.Int64
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for i := range 20 {
				if _, ok := s.take("192.0.2.1", noon); ok {
					passed.Add(1)
				}
				s.take(fmt.Sprint("busy ", i%3), noon)
			}
		})
	}
	group.Wait()
	require.Equal(t, int64(20), passed.Load())
}

// TestBucket: what counts as one visitor.
func TestBucket(t *testing.T) {
	for want, addresses := range map[string][]string{
		"192.0.2.1":             {"192.0.2.1", "192.0.2.1:443", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:80"},
		"2001:db8:1:2::/64":     {"2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff", "[2001:db8:1:2::7]:8443"},
		"fe80::/64":             {"fe80::1%eth0", "[fe80::2%en1]:80", "fe80::3"},
		"unix":                  {"unix"},
		"192.0.2.256":           {"192.0.2.256"},
		strings.Repeat("x", 64): {strings.Repeat("x", 64), strings.Repeat("x", 1<<20)},
	} {
		for _, a := range addresses {
			require.Equal(t, want, bucket(a), a)
		}
	}
	require.NotEqual(t, bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"))
}
