package rotate

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// TestRulesValidate: every contradiction is refused, names itself and the
// rules, and the values next to it are fine.
func TestRulesValidate(t *testing.T) {
	good := func() Rules {
		r := ShopStaff()
		r.Name = "these"
		return r
	}
	require.NoError(t, good().Validate())
	for name, c := range map[string]struct {
		edit func(*Rules)
		want string // "" if it is fine
	}{
		"age where it is forbidden":          {func(r *Rules) { r.ForbidAge = true }, "maximum age is forbidden"},
		"negative age where it is forbidden": {func(r *Rules) { r.ForbidAge, r.MaxAge = true, -1 }, "maximum age is forbidden"},
		"no age where it is forbidden":       {func(r *Rules) { r.ForbidAge, r.MaxAge = true, 0 }, ""},
		"negative age":                       {func(r *Rules) { r.MaxAge = -1 }, "negative"},
		"negative jitter":                    {func(r *Rules) { r.Jitter = -1 }, "negative"},
		"negative history time":              {func(r *Rules) { r.HistoryFor = -1 }, "negative"},
		"jitter as long as the age":          {func(r *Rules) { r.Jitter = r.MaxAge }, "jitter"},
		"jitter below the age":               {func(r *Rules) { r.Jitter = r.MaxAge - 1 }, ""},
		"jitter without an age":              {func(r *Rules) { r.MaxAge, r.Jitter = 0, day }, ""},
		"negative history":                   {func(r *Rules) { r.History = -1 }, "history -1"},
		"history over the bound":             {func(r *Rules) { r.History = maxRetired/2 + 1 }, "history 33"},
		"history at the bound":               {func(r *Rules) { r.History = maxRetired / 2 }, ""},
		"no history":                         {func(r *Rules) { r.History, r.HistoryFor = 0, 0 }, ""},
		"burned for less than a year":        {func(r *Rules) { r.BurnedFor = 365*day - 1 }, "less than a year"},
		"burned for ever":                    {func(r *Rules) { r.BurnedFor = math.MaxInt64 }, ""},
		"no mailed ticket":                   {func(r *Rules) { r.ResetFor = 0 }, "mailed tickets"},
		"mailed ticket of the past":          {func(r *Rules) { r.ResetFor = -time.Hour }, "mailed tickets"},
		"mailed ticket for over a day":       {func(r *Rules) { r.ResetFor = day + 1 }, "mailed tickets"},
		"mailed ticket for a day":            {func(r *Rules) { r.ResetFor = day }, ""},
		"negative threshold":                 {func(r *Rules) { r.BreachThreshold = -1 }, "breach threshold"},
		"threshold":                          {func(r *Rules) { r.BreachThreshold = 10 }, ""},
		"window into nowhere":                {func(r *Rules) { r.Window = totp.Window{Past: -1} }, "-1"},
		"window without end":                 {func(r *Rules) { r.Window = totp.Window{Future: totp.MaxWindow + 1} }, "11"},
		"password never slowed down":         {func(r *Rules) { r.Password = Throttle{} }, "throttle"},
		"code never slowed down":             {func(r *Rules) { r.Code = Throttle{} }, "throttle"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good()
			c.edit(&r)
			err := r.Validate()
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ErrRules)
			require.ErrorContains(t, err, "these: ")
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestThrottleValidate: what would not limit, or never let go, is refused.
func TestThrottleValidate(t *testing.T) {
	good := func() Throttle {
		return Throttle{From: 3, First: time.Second, Max: time.Minute, LockAfter: 5, LockFor: time.Hour, DisableAfter: 50}
	}
	require.NoError(t, good().Validate())
	for name, c := range map[string]struct {
		edit func(*Throttle)
		want string
	}{
		"never disables":       {func(x *Throttle) { x.DisableAfter = 0 }, "disables after 0"},
		"disables before":      {func(x *Throttle) { x.DisableAfter = -1 }, "disables after -1"},
		"disables after 101":   {func(x *Throttle) { x.DisableAfter = 101 }, "3.2.2"},
		"disables after 100":   {func(x *Throttle) { x.DisableAfter = 100 }, ""},
		"disables at once":     {func(x *Throttle) { x.DisableAfter = 1 }, ""},
		"waits from before":    {func(x *Throttle) { x.From = -1 }, "negative"},
		"locks before":         {func(x *Throttle) { x.LockAfter = -1 }, "negative"},
		"waits for nothing":    {func(x *Throttle) { x.First = 0 }, "waits"},
		"waits backwards":      {func(x *Throttle) { x.First = -time.Second }, "waits"},
		"ends below its start": {func(x *Throttle) { x.Max = x.First - 1 }, "waits"},
		"always waits as long": {func(x *Throttle) { x.Max = x.First }, ""},
		"waits over a day":     {func(x *Throttle) { x.Max = day + 1 }, "waits"},
		"waits a day":          {func(x *Throttle) { x.Max = day }, ""},
		"locks for nothing":    {func(x *Throttle) { x.LockFor = 0 }, "locks"},
		"locks over a day":     {func(x *Throttle) { x.LockFor = day + 1 }, "locks"},
		"locks a day":          {func(x *Throttle) { x.LockFor = day }, ""},
		"only waits":           {func(x *Throttle) { x.LockAfter, x.LockFor = 0, 0 }, ""},
		"only locks":           {func(x *Throttle) { x.From, x.First, x.Max = 0, 0, 0 }, ""},
		"neither":              {func(x *Throttle) { x.From, x.LockAfter = 0, 0 }, "neither"},
	} {
		t.Run(name, func(t *testing.T) {
			x := good()
			c.edit(&x)
			if err := x.Validate(); c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		})
	}
}

// TestReminders: longest first, and the rules keep their own order.
func TestReminders(t *testing.T) {
	r := Rules{Remind: []time.Duration{day, 7 * day, 3 * day}}
	require.Equal(t, []time.Duration{7 * day, 3 * day, day}, r.reminders())
	require.Equal(t, []time.Duration{day, 7 * day, 3 * day}, r.Remind)
	require.Empty(t, Rules{}.reminders())
}
