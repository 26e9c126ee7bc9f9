package policy_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestValidate(t *testing.T) {
	for field, p := range map[string]policy.Policy{
		"Name":                  {Name: strings.Repeat("n", 256)},
		"Name is not text":      {Name: "\xff"},
		"control characters":    {Name: "shop\x1b[2J"},
		"MinLength":             {MinLength: -1},
		"MaxLength":             {MaxLength: 1025},
		"MaxLength is -1":       {MaxLength: -1},
		"MaxBytes":              {MaxBytes: 4097},
		"MaxBytes is -1":        {MaxBytes: -1},
		"above MaxLength":       {MinLength: 257},
		"does not fit MaxBytes": {MinLength: 20, MaxBytes: 19},
		"NeedLetter":            {NeedLetter: true, NeedDigit: true, MaxLength: 1},
		"MinGuessesLog10":       {MinGuessesLog10: -0.1},
		"want 0 to 100":         {MinGuessesLog10: 100.5},
		"NaN":                   {MinGuessesLog10: math.NaN()},
		"BreachThreshold":       {BreachThreshold: -1},
		"Unchecked":             {Unchecked: 2},
		"1001 Words":            {Words: make([]string, 1001)},
		"Words[1]":              {Words: []string{"Tillkey", "\xff"}},
		"Words[0]":              {Words: []string{strings.Repeat("x", 257)}},
		"65 Lists":              {Lists: make([]policy.List, 65)},
		"65 Breach":             {Breach: make([]policy.List, 65)},
		"Lists[0] is nil":       {Lists: []policy.List{nil}},
		"Breach[1] is nil":      {Breach: []policy.List{answer{}, nil}},
	} {
		err := p.Validate()
		require.ErrorIs(t, err, policy.ErrInvalid, field)
		require.ErrorContains(t, err, field)

		v, checkErr := p.Check(context.Background(), "winter harbor nine zebra")
		require.Equal(t, err, checkErr, "Check says the same: %s", field)
		require.Empty(t, v.Problems)
		require.NotPanics(t, func() { p.Preview("winter harbor nine zebra") }, field)
		require.NotPanics(t, func() { p.Describe(); p.PasswordRules() }, field)
	}
	for _, p := range []policy.Policy{
		{},
		{Name: strings.Repeat("n", 255)},
		{Name: "größe + 😀"},
		{MinLength: 1024, MaxLength: 1024, MaxBytes: 4096, MinGuessesLog10: 100},
		{MinLength: 8, MaxLength: 8},
		{Words: make([]string, 1000)},
	} {
		require.NoError(t, p.Validate())
	}
}

// TestPreviewKeepsToTheCaps: Preview does not validate, but no field lifts the
// bounds on its work.
func TestPreviewKeepsToTheCaps(t *testing.T) {
	p := policy.Policy{MaxLength: 1 << 30, MaxBytes: 1 << 30, Estimator: asked{t}}
	require.True(t, p.Preview(strings.Repeat("x", 4097)).Has(policy.TooLong))
	require.True(t, p.Preview(strings.Repeat("x", 1025)).Has(policy.TooLong))
	require.True(t, policy.Policy{MaxBytes: -1}.Preview("").Has(policy.TooLong))
}

func TestZeroPolicyAcceptsAnyText(t *testing.T) {
	for _, password := range []string{"", "a", "password", "\x00", " ", strings.Repeat("я", 256)} {
		require.NoError(t, check(t, policy.Policy{}, password).Err(), "%q", password)
	}
}
