package shopspec

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func newPlay(t *testing.T) *play {
	return &play{ctx: t.Context(), run: &run{ctx: t.Context()}, line: &Line{Name: "S9/test"}}
}

// TestStates: one failed check fails a scenario, one that was not run keeps it
// from passing, and so does having none.
func TestStates(t *testing.T) {
	passed, failed, notRun := Check{State: StatePassed}, Check{State: StateFailed}, Check{State: StateNotRun}
	for _, test := range []struct {
		checks []Check
		state  State
	}{
		{nil, StateNotRun},
		{[]Check{passed}, StatePassed},
		{[]Check{passed, notRun}, StateNotRun},
		{[]Check{notRun, failed, passed}, StateFailed},
	} {
		l := Line{Checks: test.checks}
		l.judge()
		require.Equal(t, test.state, l.State)
	}
}

// TestChecksOfOneName: what went wrong once stays wrong, whatever follows.
func TestChecksOfOneName(t *testing.T) {
	p := newPlay(t)
	p.check("it holds", true, "", "", Answer{})
	p.check("it holds", false, "yes", "no", Answer{Request: "GET /"})
	p.check("it holds", true, "", "", Answer{})
	require.Equal(t, []Check{{What: "it holds", State: StateFailed, Expected: "yes", Seen: "no", Request: "GET /"}}, p.line.Checks)
}

// TestOver: after the end of a scenario nothing is recorded, and nobody asks the
// shop.
func TestOver(t *testing.T) {
	p := newPlay(t)
	require.False(t, p.must("a page is shown", Answer{Outcome: Denied}, Passed))
	p.want("more", Answer{Outcome: Passed}, Passed)
	p.notRun("more", "why")
	require.Len(t, p.line.Checks, 1)
	v := p.visitor()
	require.Equal(t, Answer{}, v.do(SignIn, nil))
	c := p.seed(Account{})
	require.Empty(t, c.id)
	require.Empty(t, p.code(&c))
	require.False(t, p.matches("no hash", "password"))
	p.enrolled()
	p.staff()
	require.Len(t, p.line.Checks, 1)
}

// TestFail: what a shop lacks is not run, what does not answer fails, and no
// secret is told.
func TestFail(t *testing.T) {
	p := newPlay(t)
	p.fail("it has a cart", ErrUnsupported)
	require.Equal(t, StateNotRun, p.line.Checks[0].State)
	require.NoError(t, p.silent)

	p = newPlay(t)
	p.run.secrets.add(aPassword, "seven hidden words")
	p.fail("a hook answers", errors.New("dial with seven hidden words: refused"))
	require.Equal(t, StateFailed, p.line.Checks[0].State)
	require.Equal(t, "dial with …: refused", p.line.Checks[0].Seen)
	require.True(t, p.isOver())
	require.NoError(t, p.silent, "the shop may answer for all that")

	p = newPlay(t)
	p.unanswered(Page, errors.New("timeout"))
	require.Equal(t, StateFailed, p.line.Checks[0].State)
	require.Error(t, p.silent)

	p = newPlay(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.run.ctx = ctx
	p.fail("it answers", ctx.Err())
	require.Equal(t, StateNotRun, p.line.Checks[0].State)
}

// TestCleanUp: what is undone after the end is done, and is not the scenario's.
func TestCleanUp(t *testing.T) {
	p := newPlay(t)
	p.must("a page is shown", Answer{Outcome: Denied}, Passed)
	done := false
	p.cleanUp(func() {
		done = true
		require.False(t, p.isOver())
		p.check("undoing", false, "", "", Answer{})
	})
	require.True(t, done)
	require.True(t, p.isOver())
	require.Len(t, p.line.Checks, 1)
}

// TestRace: the sign-ins begin before and after the end of the change, and nobody
// waits for long.
func TestRace(t *testing.T) {
	var r race
	rounds := 0
	for range 6 {
		changes, signIns := 0, make([]bool, racers)
		r.play(6, func() { changes++ }, func(i int) { signIns[i] = true })
		require.Equal(t, 1, changes)
		require.Equal(t, []bool{true, true, true}, signIns)
		rounds++
	}
	require.Equal(t, 6, rounds)
	require.Equal(t, 6*racers, r.begun)
}

// TestNames: names of scenarios are different, and the log comes last.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Scenarios() {
		require.Regexp(t, `^S[0-6]/[a-z0-9-]+$`, s.Name)
		require.False(t, seen[s.Name])
		require.NotEmpty(t, s.About)
		require.NotNil(t, s.play)
		seen[s.Name] = true
	}
	all := Scenarios()
	require.Equal(t, "S1/nothing-in-the-log", all[len(all)-1].Name)
	require.Equal(t, "S0/guest", all[0].Name)
}
