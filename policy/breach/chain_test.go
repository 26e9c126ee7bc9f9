package breach_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	corpuspkg "github.com/tillkey/tillkey/policy/breach/corpus"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

var _ policy.List = breach.Chain{}

// source is a list in hand.
type source func(ctx context.Context, password string) (int, error)

func (s source) Seen(ctx context.Context, password string) (int, error) { return s(ctx, password) }

var (
	errOwn   = errors.New("oops")
	errLists = fmt.Errorf("the disk is gone: %w", policy.ErrUnchecked)
)

// says is what a source of a Chain does, nil for a source that is not there.
type says struct {
	count  int
	err    error
	panics bool
}

// TestChainLaws asks chains of all kinds, and checks the answer by what was
// asked.
func TestChainLaws(t *testing.T) {
	local := []*says{nil, {err: errOwn, count: 9}, {}, {count: 2}, {count: 7}}
	remote := []*says{nil, {err: errLists, count: 9}, {}, {count: 1}, {count: 5}, {panics: true}}
	for _, rule := range []breach.OnlineRule{breach.OnlineFallback, breach.OnlineConfirm, breach.OnlineAlways, -1, 3} {
		for _, embedded := range local {
			for _, offline := range local {
				for _, online := range remote {
					checkChain(t, rule, embedded, offline, online)
				}
			}
		}
	}
}

func checkChain(t *testing.T, rule breach.OnlineRule, embedded, offline, online *says) {
	t.Helper()
	var order []string
	list := func(name string, s *says) policy.List {
		if s == nil {
			return nil
		}
		return source(func(_ context.Context, password string) (int, error) {
			require.Equal(t, leaked, password)
			order = append(order, name)
			if s.panics {
				panic("index out of range")
			}
			return s.count, s.err
		})
	}
	chain := breach.Chain{
		Embedded: list("embedded", embedded), Offline: list("offline", offline), Online: list("online", online), Rule: rule,
	}
	got, err := chain.Seen(t.Context(), leaked)
	name := fmt.Sprintf("rule %d: %+v, %+v, %+v", rule, embedded, offline, online)

	hit := func(s *says) bool { return s != nil && s.err == nil && s.count > 0 }
	fails := func(s *says) bool { return s != nil && (s.err != nil || s.panics) }
	asks := false
	switch rule {
	case breach.OnlineFallback:
		asks = !hit(embedded) && !hit(offline) && (offline == nil || fails(offline))
	case breach.OnlineConfirm:
		asks = hit(embedded) || hit(offline)
	case breach.OnlineAlways:
		asks = true
	}

	// Those at hand are asked first, and online only what the rule allows.
	var asked []*says
	var want []string
	for _, s := range []struct {
		name string
		*says
		asked bool
	}{{"embedded", embedded, true}, {"offline", offline, true}, {"online", online, asks}} {
		if s.says != nil && s.asked {
			asked, want = append(asked, s.says), append(want, s.name)
		}
	}
	require.Equal(t, want, order, name)

	// A hit is a hit, with the largest count of those that answered, unless it was
	// one of the corpus that was to be confirmed and was not.
	largest := 0
	for _, s := range asked {
		if hit(s) {
			largest = max(largest, s.count)
		}
	}
	denied := rule == breach.OnlineConfirm && online != nil && largest > 0 && *online == says{}
	switch {
	case denied && hit(embedded):
		// What the embedded list knows is no chance.
		require.NoError(t, err, name)
		require.Equal(t, embedded.count, got, name)
	case denied:
		require.NoError(t, err, name)
		require.Zero(t, got, name)
	case largest > 0:
		require.NoError(t, err, name)
		require.Equal(t, largest, got, name)
	case len(asked) == 0 || fails(asked[len(asked)-1]):
		// An error is never a zero.
		require.Zero(t, got, name)
		require.ErrorIs(t, err, policy.ErrUnchecked, name)
		for _, s := range asked {
			if s.err != nil {
				require.ErrorIs(t, err, s.err, name)
			}
		}
	default:
		require.NoError(t, err, name)
		require.Zero(t, got, name)
	}
}

// TestChainReasons: the reason of a source is found in the error of the chain.
func TestChainReasons(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	never := source(func(context.Context, string) (int, error) { panic("asked") })
	panics := breach.Chain{Online: never}
	closed := source(func(context.Context, string) (int, error) {
		return 0, &breach.UncheckedError{Source: "file", Reason: breach.ReasonRead}
	})
	for name, c := range map[string]struct {
		ctx    context.Context
		chain  breach.Chain
		reason breach.Reason
	}{
		"no source":            {t.Context(), breach.Chain{}, breach.ReasonNoSource},
		"nothing to confirm":   {t.Context(), breach.Chain{Online: never, Rule: breach.OnlineConfirm}, breach.ReasonNoSource},
		"a panic":              {t.Context(), panics, breach.ReasonPanicked},
		"canceled":             {canceled, breach.Chain{Embedded: never, Offline: never, Online: never}, breach.ReasonCanceled},
		"the reason of a file": {t.Context(), breach.Chain{Offline: closed}, breach.ReasonRead},
	} {
		t.Run(name, func(t *testing.T) {
			count, err := c.chain.Seen(c.ctx, leaked)
			requireUnchecked(t, leaked, count, err, c.reason)
			if c.ctx.Err() != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
		})
	}
}

// TestChainErrorsOfBothTypes: errors.As finds the reason of the source that it
// asks for by the type, whichever was asked first.
func TestChainErrorsOfBothTypes(t *testing.T) {
	online := client(t, answers(t, fullBody()), breach.RangeConfig{})
	count, err := breach.Chain{Embedded: embedded.List{}, Online: online}.Seen(t.Context(), "")
	require.Equal(t, "range", requireUnchecked(t, "", count, err, breach.ReasonEmpty).Source)
	var first *corpuspkg.UncheckedError
	require.ErrorAs(t, err, &first)
	require.Equal(t, corpuspkg.ReasonEmpty, first.Reason)

	_, err = embedded.List{}.Seen(t.Context(), "")
	var other *breach.UncheckedError
	require.False(t, errors.As(err, &other), "a list that is no Chain has the one type")
}

// deaf answers when end is closed, whatever the context says.
func deaf(end <-chan struct{}) source {
	return func(context.Context, string) (int, error) {
		<-end
		return 1 << 20, nil
	}
}

// TestChainOnlineBudget: nobody waits for a slow online source for longer than
// its budget, nor so long that what is known comes too late.
func TestChainOnlineBudget(t *testing.T) {
	knows := source(func(context.Context, string) (int, error) { return 4, nil })
	fails := source(func(context.Context, string) (int, error) { return 0, errLists })
	heeds := source(func(ctx context.Context, _ string) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	})
	for name, c := range map[string]struct {
		budget, deadline, waited time.Duration
	}{
		"by default":                  {0, 0, 1500 * time.Millisecond},
		"less than nothing":           {-1, 0, 1500 * time.Millisecond},
		"as configured":               {time.Second, 0, time.Second},
		"a deadline far away":         {time.Second, time.Hour, time.Second},
		"a deadline near":             {time.Second, 400 * time.Millisecond, 300 * time.Millisecond},
		"the deadline of a sign-in":   {0, 300 * time.Millisecond, 225 * time.Millisecond},
		"a deadline and no allowance": {time.Minute, time.Millisecond, 750 * time.Microsecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				end := make(chan struct{})
				defer close(end)
				ctx := t.Context()
				if c.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.deadline)
					defer cancel()
				}
				for _, slow := range []source{deaf(end), heeds} {
					ask := func(chain breach.Chain) (int, error) {
						chain.Online, chain.OnlineBudget = slow, c.budget
						before := time.Now()
						count, err := chain.Seen(ctx, leaked)
						require.Equal(t, c.waited, time.Since(before))
						return count, err
					}
					count, err := ask(breach.Chain{Embedded: knows, Offline: fails, Rule: breach.OnlineConfirm})
					require.NoError(t, err)
					require.Equal(t, 4, count)
					if c.deadline > 0 {
						return // it is used up
					}
					count, err = ask(breach.Chain{Offline: fails})
					require.Zero(t, count)
					require.ErrorIs(t, err, policy.ErrUnchecked)
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
			})
		})
	}
}

// TestChainEndsWithItsContext: a caller that leaves waits for nobody, and takes a
// known hit along.
func TestChainEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		for _, count := range []int{0, 3} {
			ctx, leave := context.WithCancel(t.Context())
			known := source(func(context.Context, string) (int, error) { return count, nil })
			time.AfterFunc(time.Second, leave)
			got, err := breach.Chain{Offline: known, Online: deaf(end), Rule: breach.OnlineAlways, OnlineBudget: time.Minute}.Seen(ctx, leaked)
			require.Equal(t, count, got)
			if count == 0 {
				requireUnchecked(t, leaked, got, err, breach.ReasonCanceled)
				require.ErrorIs(t, err, context.Canceled)
				continue
			}
			require.NoError(t, err)
		}
	})
}

// TestChainOnlineSeesNothingOfTheCaller: neither its context nor its memory.
func TestChainOnlineSeesNothingOfTheCaller(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "secret")
	_, err := breach.Chain{Online: source(func(ctx context.Context, _ string) (int, error) {
		assert.Nil(t, ctx.Value(key{}))
		return 0, nil
	})}.Seen(ctx, leaked)
	require.NoError(t, err)
}

// TestChainAsksARange: what is known at hand is not asked online, and a chance
// hit of the corpus is cleared up there, one of the embedded list is not, in
// parallel as well.
func TestChainAsksARange(t *testing.T) {
	counts := members(300)
	counts[leaked2] = 12
	offline := newFile(t, corpus(counts, "\n"))
	s := answers(t, fullBody(leakedHash[5:]+":7"))
	listed := source(func(_ context.Context, password string) (int, error) {
		if slices.Contains([]string{leaked, "listed"}, password) {
			return 1, nil
		}
		return 0, nil
	})
	fallback := breach.Chain{Embedded: listed, Offline: offline, Online: client(t, s, breach.RangeConfig{})}
	confirm := fallback
	confirm.Rule = breach.OnlineConfirm
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			for password, want := range map[string][2]int{leaked: {1, 7}, leaked2: {12, 0}, "nobody's": {}, "listed": {1, 1}} {
				for j, chain := range []breach.Chain{fallback, confirm} {
					count, err := chain.Seen(t.Context(), password)
					assert.NoError(t, err)
					assert.Equal(t, want[j], count, password)
				}
			}
			name := fmt.Sprint("member ", i)
			count, err := fallback.Seen(t.Context(), name)
			assert.NoError(t, err)
			assert.Equal(t, counts[name], count)
		})
	}
	group.Wait()
	assert.EqualValues(t, 3, s.requests.Load(), "one each for the three that are known at hand")
}
