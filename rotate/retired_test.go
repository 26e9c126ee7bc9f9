package rotate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// former makes a former password that is held until some days from noon.
func former(name string, days int, burned bool) Retired {
	return Retired{Password: name, Until: noon.Add(time.Duration(days) * day), Burned: burned}
}

func names(list []Retired) []string {
	var all []string
	for _, r := range list {
		all = append(all, r.Password)
	}
	return all
}

// TestForgetRetired: what is neither among the last ones nor held by its time
// goes.
func TestForgetRetired(t *testing.T) {
	list := []Retired{
		former("new", 0, false), former("burned", 1, true), former("held", 1, false),
		former("burned out", 0, true), former("old", -1, false), former("older, held", 9, false),
	}
	for history, want := range map[int][]string{
		0: {"burned", "held", "older, held"},
		1: {"new", "burned", "held", "older, held"},
		3: {"new", "burned", "held", "older, held"},
		4: {"new", "burned", "held", "burned out", "older, held"},
		5: {"new", "burned", "held", "burned out", "old", "older, held"},
		9: {"new", "burned", "held", "burned out", "old", "older, held"},
	} {
		before := slices.Clone(list)
		require.Equal(t, want, names(forgetRetired(list, history, noon)), history)
		require.Equal(t, before, list, "the list of a snapshot may be shared")
	}
	require.Empty(t, forgetRetired(nil, 4, noon))
	require.Equal(t, []string{"held"}, names(forgetRetired([]Retired{former("held", 1, false)}, 0, noon.Add(day-1))))
	require.Empty(t, forgetRetired([]Retired{former("held", 1, false)}, 0, noon.Add(day)), "it may be forgotten from its time on")
}

// TestForgetRetiredAboveTheBound: the oldest go first, and burned ones last of
// all.
func TestForgetRetiredAboveTheBound(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		list := make([]Retired, random.IntN(2*maxRetired))
		burned := 0
		for i := range list {
			list[i] = former(fmt.Sprint(i), 1+random.IntN(9), random.IntN(2) == 0)
			if list[i].Burned {
				burned++
			}
		}
		kept := forgetRetired(list, 4, noon)
		require.Len(t, kept, min(len(list), maxRetired))
		keptBurned := 0
		ordinaryGone := false
		for _, r := range list {
			i := slices.Index(kept, r)
			if r.Burned && i >= 0 {
				keptBurned++
			}
			if !r.Burned {
				require.False(t, ordinaryGone && i >= 0, "a newer one went before an older one")
				ordinaryGone = ordinaryGone || i < 0
			}
		}
		require.Equal(t, min(burned, maxRetired), keptBurned)
		require.Equal(t, kept, forgetRetired(kept, 4, noon), "twice is once")
	}
}

// TestForgetOld: each of the lists of a row loses what is over, and only that.
func TestForgetOld(t *testing.T) {
	full := func() Credential {
		return Credential{
			Account: "a", Pending: &Factor{ID: "p", Since: noon},
			Retired: []Retired{former("r", 1, true)},
			Spent:   []Spent{{"s", noon.Add(time.Minute)}, {"t", noon.Add(time.Hour)}},
			Ended:   []Ended{{"A", noon.Add(time.Minute)}, {"B", noon.Add(time.Hour)}},
		}
	}
	for name, c := range map[string]struct {
		now  time.Time
		want func(*Credential)
	}{
		"too early": {noon.Add(time.Minute - 1), nil},
		"tickets and sessions": {noon.Add(time.Minute), func(c *Credential) {
			c.Spent, c.Ended = c.Spent[1:], c.Ended[1:]
		}},
		"the offered factor": {noon.Add(pendingFor), func(c *Credential) {
			c.Pending, c.Spent, c.Ended = nil, c.Spent[1:], c.Ended[1:]
		}},
		"all": {noon.Add(day), func(c *Credential) {
			c.Pending, c.Retired, c.Spent, c.Ended = nil, nil, []Spent{}, []Ended{}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, want := full(), full()
			snapshot := got
			require.Equal(t, c.want != nil, forgetOld(&got, Rules{}, c.now))
			if c.want != nil {
				c.want(&want)
			}
			require.Equal(t, want, got)
			require.False(t, forgetOld(&got, Rules{}, c.now), "twice is once")
			require.Equal(t, full(), snapshot, "the lists of a snapshot may be shared")
		})
	}
}

// TestEnd: one session ends alone; where too many are remembered, all do.
func TestEnd(t *testing.T) {
	c := Credential{Account: "a", Epoch: 7}
	for i := range maxEnded {
		s := Session{Account: "a", ID: strings.Repeat("A", i+1), Epoch: 7, AuthTime: noon}
		require.True(t, alive(&c, s, noon))
		end(&c, s, noon)
		require.False(t, alive(&c, s, noon))
		require.False(t, alive(&c, s, noon.Add(endedFor-1)))
		require.Equal(t, int64(7), c.Epoch)
		s.AuthTime = noon.Add(time.Hour)
		require.False(t, alive(&c, s, noon), "after a step-up it is the same session")
		s.ID = "B" + s.ID
		require.True(t, alive(&c, s, noon), "another one lives on")
	}
	require.Len(t, c.Ended, maxEnded)
	last := Session{Account: "a", ID: "LAST", Epoch: 7, AuthTime: noon}
	end(&c, last, noon)
	require.Empty(t, c.Ended)
	require.NotEqual(t, int64(7), c.Epoch)
	require.False(t, alive(&c, last, noon))
	// A session of the time before has no id: all end.
	old := Session{Account: "a", Epoch: c.Epoch, AuthTime: noon}
	require.True(t, alive(&c, old, noon))
	end(&c, old, noon)
	require.False(t, alive(&c, old, noon))
	require.False(t, alive(&c, Session{Account: "b", Epoch: c.Epoch}, noon))
}
