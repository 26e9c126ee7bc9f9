package rotate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRemind follows one deadline through time: a reminder at each of its
// times, one notice when it is over, and never anything twice.
func TestRemind(t *testing.T) {
	k := &Keeper{clock: func() time.Time { return noon }}
	rules := Rules{Remind: []time.Duration{day, 14 * day, 3 * day}}
	by := noon.Add(30 * day)
	due := Due{Reason: PolicyRaised, Proof: ProofPassword, By: by, Order: "o"}
	c := Credential{Account: "a"}
	var told []time.Duration
	for h := range 40 * 24 {
		now := noon.Add(time.Duration(h) * time.Hour)
		e, ok := k.remind(&c, due, rules, now)
		if !ok {
			continue
		}
		told = append(told, by.Sub(now))
		want := ChangeReminder
		if !now.Before(by) {
			want = ChangeForced
		}
		require.Equal(t, want, e.Kind)
		require.Equal(t, "a", e.Account)
		require.Equal(t, due.Reason, e.Reason)
		require.Equal(t, by, e.By)
		require.Equal(t, ID("o"), e.Order)
		require.NotEmpty(t, e.ID)
		_, again := k.remind(&c, due, rules, now)
		require.False(t, again)
	}
	require.Equal(t, []time.Duration{14 * day, 3 * day, day, 0}, told)
}

// TestRemindAfterASleep: of the times that were slept through only the latest
// is told.
func TestRemindAfterASleep(t *testing.T) {
	k := &Keeper{clock: time.Now}
	rules := Rules{Remind: weeks()}
	by := noon.Add(30 * day)
	for left, want := range map[time.Duration]Kind{
		15 * day: "", 14 * day: ChangeReminder, 2 * day: ChangeReminder, time.Hour: ChangeReminder, 0: ChangeForced, -day: ChangeForced,
	} {
		c := Credential{Account: "a"}
		e, _ := k.remind(&c, Due{Reason: Age, By: by}, rules, by.Add(-left))
		require.Equal(t, want, e.Kind, left)
		_, again := k.remind(&c, Due{Reason: Age, By: by}, rules, by.Add(-left))
		require.False(t, again, left)
	}
}

// TestRemindOfAnotherDeadline begins anew, and nothing due means nothing told.
func TestRemindOfAnotherDeadline(t *testing.T) {
	k := &Keeper{clock: time.Now}
	rules := Rules{Remind: []time.Duration{day}}
	c := Credential{Account: "a"}
	_, ok := k.remind(&c, Due{}, rules, noon)
	require.False(t, ok)
	require.Zero(t, c.Reminded)
	_, ok = k.remind(&c, Due{Reason: Age, By: noon}, rules, noon)
	require.True(t, ok)
	_, ok = k.remind(&c, Due{Reason: Compromise, By: noon.Add(-time.Hour)}, rules, noon)
	require.True(t, ok)
	_, ok = k.remind(&c, Due{Reason: WeakHash, By: noon.Add(2 * day)}, rules, noon)
	require.False(t, ok, "too early to tell")
	require.Equal(t, noon.Add(-time.Hour), c.Reminded.By)
	_, ok = k.remind(&c, Due{Reason: WeakHash, By: noon.Add(2 * day)}, Rules{}, noon.Add(day))
	require.False(t, ok, "rules without reminders")
}
