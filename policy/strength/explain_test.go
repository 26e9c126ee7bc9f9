package strength_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

func TestExplain(t *testing.T) {
	about := []string{"Tillkey", "wendeline@kestrelmail.example"}
	for _, c := range []struct {
		password string
		codes    string
	}{
		{"tillkey", "about"},
		{"kestrelmail99", "about"},
		{"qwertzuiopü", "keyboard"},
		{"26.11.2031", "date"},
		{"xkqv1987", "year"},
		{"xvqjxvqjxvqj", "repeat"},
		{"kqxvz4567", "sequence"},
		{"kX9#mQ2$vL7!pR4z", ""},
	} {
		var codes []string
		for _, m := range strength.Explain(c.password, about...).Matches {
			codes = append(codes, m.Code)
		}
		require.Contains(t, strings.Join(codes, " "), c.codes, c.password)
	}
}

func TestExplainAgreesWithEstimate(t *testing.T) {
	for _, password := range samples {
		e := strength.Explain(password, "Tillkey")
		require.Equal(t, strength.Estimate(password, "Tillkey"), e.Rating)
		at := 0
		for _, m := range e.Matches {
			require.GreaterOrEqual(t, m.From, at)
			require.Less(t, m.From, m.To)
			require.NotEmpty(t, m.Code)
			at = m.To
		}
		require.LessOrEqual(t, at, len(password))
		require.Equal(t, e.Score >= 3, e.Text == "", "a text for the weak only")
		require.LessOrEqual(t, strings.Count(e.Text, "."), 2, "two sentences")
	}
}

// TestExplainKeepsNothing: neither the texts nor the codes hold the password.
func TestExplainKeepsNothing(t *testing.T) {
	for _, password := range []string{"letmein1987", "Tillkey99"} {
		e := strength.Explain(password, "Tillkey")
		require.NotEmpty(t, e.Text)
		require.NotContains(t, strings.ToLower(e.Text), strings.ToLower(password[:7]))
	}
}

func TestExplainChange(t *testing.T) {
	e := strength.ExplainChange("vKqz#81mPwx0", "vKqz#81mPwx0!")
	require.Equal(t, strength.Match{Code: strength.Old, From: 0, To: 12}, e.Matches[0])
	require.Contains(t, e.Text, "old password")
	e = strength.ExplainChange("vKqz#März25", "vKqz#April26")
	require.Equal(t, []strength.Match{{Code: strength.Old, From: 0, To: 5}, {Code: strength.Turned, From: 5, To: 10}, {Code: strength.Turned, From: 10, To: 12}}, e.Matches)
	require.Contains(t, e.Text, "the next number, month or season")
}

// TestExplainSeparated: the parts are found across separators.
func TestExplainSeparated(t *testing.T) {
	e := strength.Explain("d-r-a-g-o-n-1-9-8-7")
	require.True(t, e.Separated)
	require.Equal(t, []strength.Match{{Code: strength.Common, From: 0, To: 11}, {Code: strength.Year, From: 12, To: 19}}, e.Matches)
	require.Contains(t, e.Text, "in between")
	require.False(t, strength.Explain("dragon1987").Separated)
}

// TestTexts: each sentence says what is so.
func TestTexts(t *testing.T) {
	for _, c := range []struct{ old, password, text string }{
		{"", "x7#", "It is too short to withstand guessing. Add two or three words that have nothing to do with each other."},
		{"", "plontrik", "It is too short to withstand guessing. Add two or three words that have nothing to do with each other."},
		{"", "dragon", "It is easy to guess because it is built on a password that many people use. Add two or three words that have nothing to do with each other."},
		{"", "Tillkey-1985", "It is easy to guess because it is built on something about you or this shop and a year. Add two or three words that have nothing to do with each other."},
		{"Sommer2025", "Herbst2026", "It is easy to guess because it is built on the next number, month or season. Think of something new: two or three words that have nothing to do with each other."},
		{"vKqz#81mPwx0", "vKqz#81mPwx1", "It is easy to guess because it is built on a part of your old password. Think of something new: two or three words that have nothing to do with each other."},
	} {
		require.Equal(t, c.text, strength.ExplainChange(c.old, c.password, "Tillkey").Text, "%q after %q", c.password, c.old)
	}
}
