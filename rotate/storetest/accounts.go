package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// lookalikes are accounts that some collation, type or pattern takes for one
// another. They are all different.
func lookalikes() []string {
	return []string{
		"a", "A", "a ", "a  ", " a", "ä", "a\u0308", "Ä", "á", "ab", "a/b", "a%", "a_", "a\\", "%", "_", "*",
		"i", "I", "ı", "İ", "ss", "ß", "ẞ", "ſ", "s", "K", "\u212a", "k", "æ", "ae", "ﬁ", "fi",
		"\u00a0", " ", "\u200b", "a\u200b", "a\u00ad", "ａ", "ｱ", "ア", "あ",
		"1", "01", "1.0", "1e0", "+1", " 1", "0", "-0", "0x1", "9007199254740993", "9007199254740992", "1e400",
		"NULL", "null", "nil", "true", "'", "''", "\"", "`", "$1", "?", ":a", "--", ";",
		// U+FFEE comes before U+1F600 in UTF-8, and after it in UTF-16.
		"\uffee", "\U0001f600", "\U0001f601",
		strings.Repeat("a", rotate.MaxAccountBytes),
		strings.Repeat("a", rotate.MaxAccountBytes-1),
		strings.Repeat("a", rotate.MaxAccountBytes-1) + "A",
		strings.Repeat("é", rotate.MaxAccountBytes/2) + "x",
		strings.Repeat("é", rotate.MaxAccountBytes/2) + "y",
		strings.Repeat("\U0001f600", rotate.MaxAccountBytes/4) + "abc",
	}
}

func accountLaws() []law {
	return []law{
		{"they are compared as bytes", differentAccounts},
		{"they are sorted as bytes", sortedAccounts},
	}
}

func differentAccounts(ctx context.Context, t *testing.T, s rotate.Store) {
	all := lookalikes()
	for i, account := range all {
		gone(ctx, t, s, account)
		c := bare(account)
		c.Epoch = int64(i)
		insert(ctx, t, s, c)
	}
	for i, account := range all {
		c := load(ctx, t, s, account)
		require.Equal(t, account, c.Account)
		require.Equal(t, int64(i), c.Epoch, "epoch of %q", account)
		page, err := s.Page(ctx, rotate.Query{Account: account})
		require.NoError(t, err)
		require.Equal(t, []string{account}, accounts(page))
		require.NoError(t, s.Update(ctx, account, guessed))
	}
	for _, account := range all {
		require.Equal(t, 1, load(ctx, t, s, account).PasswordGuesses.Total, "updates of %q", account)
	}
}

func sortedAccounts(ctx context.Context, t *testing.T, s rotate.Store) {
	want := lookalikes()
	for _, account := range want {
		insert(ctx, t, s, bare(account))
	}
	slices.Sort(want)
	page, err := s.Page(ctx, rotate.Query{Limit: rotate.MaxBatch})
	require.NoError(t, err)
	require.Equal(t, want, accounts(page))
	for i, account := range want {
		page, err := s.Page(ctx, rotate.Query{After: account, Limit: 2})
		require.NoError(t, err)
		require.Equal(t, append([]string{}, want[i+1:min(i+3, len(want))]...), accounts(page), "after %q", account)
	}
}
