package sqltest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestDamagedRow changes single columns by hand into what no version of this
// package writes. Reading them is an error that does not quote them.
func TestDamagedRow(t *testing.T) {
	const marker = "S3CRET"
	k := newSealer(t)
	for _, set := range []string{
		"adopted = 7", "recheck = -1",
		"password_total = 'x'", "epoch = 1.5",
		"recovery = x'00'", "recovery = zeroblob(101 * 32)", "recovery = 'text'",
		"retired = '" + marker + "'", `retired = '{"password":"` + marker + `"}'`, `retired = '[{"at":"` + marker + `"}]'`,
		`retired = '[{"at":1.5}]'`, `retired = '[{"at":99999999999999999999}]'`, "retired = '[' || char(0) || ']'",
		`retired = '[` + marker + `]'`, "retired = '[' || replace(hex(zeroblob(600000)), '0', ' ') || ']'",
		`spent = '[{"nonce":1}]'`, "spent = '[[[[[[[['", `ended = '[{"until":{}}]'`,
	} {
		s, db := fresh(t)
		db.SetMaxOpenConns(1)
		c := rotate.Credential{Account: "a", Password: k.seal("a", "x")}
		require.NoError(t, s.Insert(t.Context(), c, nil))
		_, err := db.Exec("PRAGMA ignore_check_constraints = 1")
		require.NoError(t, err)
		if _, err := db.Exec("UPDATE tillkey_credentials SET " + set); err != nil {
			require.ErrorContains(t, err, "cannot store", "the table itself refuses: %s", set)
			continue
		}
		_, err = s.Load(t.Context(), "a")
		require.ErrorContains(t, err, "sqlstore: ", set)
		require.NotContains(t, err.Error(), marker)
		_, err = s.Page(t.Context(), rotate.Query{})
		require.Error(t, err, set)
		ran := false
		fn := func(*rotate.Credential) ([]rotate.Event, error) {
			ran = true
			return nil, nil
		}
		require.Error(t, s.Update(t.Context(), "a", fn), set)
		_, _, err = s.Batch(t.Context(), rotate.Query{}, fn)
		require.Error(t, err, set)
		require.Error(t, s.Rename(t.Context(), "a", "b", fn), set)
		require.False(t, ran, set)
		// What does not read the row still works.
		n, err := s.Count(t.Context(), rotate.Query{})
		require.NoError(t, err, set)
		require.Equal(t, 1, n)
		require.NoError(t, s.Erase(t.Context(), "a", nil), set)
	}
}

// TestDamagedSeals takes the place of a seal by hand. The row can be read, as
// whoever reports it must be able to; it cannot be written back.
func TestDamagedSeals(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		k := newSealer(t)
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a", Password: k.seal("a", "x")}, nil))
		_, err := p.db.Exec("UPDATE tillkey_credentials SET password = '$2a$10$bad'")
		require.NoError(t, err)
		_, err = s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Error(t, s.Update(t.Context(), "a", guess))
		require.NoError(t, s.Update(t.Context(), "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			return []rotate.Event{{ID: "e", Kind: rotate.Unreadable, Account: "a"}}, rotate.ErrUnchanged
		}))
		// A good value repairs the row and its key together.
		other := newSealer(t)
		require.NoError(t, s.Update(t.Context(), "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Password = other.seal("a", "y")
			return nil, nil
		}))
		for id, want := range map[string]int{k.id: 0, other.id: 1} {
			n, err := s.KeyUse(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
	})
}

// TestTextsOfOtherDatabases refuses what PostgreSQL would: a shop can move.
func TestTextsOfOtherDatabases(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		for _, bad := range []string{"a\x00b", "a\xff", strings.Repeat("x", 20_000)} {
			for name, c := range map[string]rotate.Credential{
				"account": {Account: bad},
				"group":   {Account: "a", Group: bad},
				"format":  {Account: "a", Format: bad},
				"policy":  {Account: "a", PolicyName: bad},
				"reason":  {Account: "a", Forced: &rotate.Forced{Reason: rotate.Reason(bad)}},
				"proof":   {Account: "a", Forced: &rotate.Forced{Proof: rotate.Proof(bad)}},
				"factor":  {Account: "a", Factor: &rotate.Factor{ID: bad, Seed: newSealer(t).seal("a", "x")}},
				"nonce":   {Account: "a", Spent: []rotate.Spent{{Nonce: bad}}},
				"ended":   {Account: "a", Ended: []rotate.Ended{{ID: bad}}},
			} {
				require.ErrorContains(t, s.Insert(t.Context(), c, nil), "UTF-8", name)
			}
			for _, e := range []rotate.Event{{ID: bad}, {ID: "e", Kind: rotate.Kind(bad)}, {ID: "e", Account: bad}, {ID: "e", Actor: bad}, {ID: "e", To: bad}} {
				require.ErrorContains(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{e}), "UTF-8")
			}
			require.ErrorContains(t, s.Place(t.Context(), func(seq int64) (rotate.Order, []rotate.Event, error) {
				return rotate.Order{ID: "o", Seq: seq, Note: bad}, nil, nil
			}), "UTF-8")
			require.ErrorContains(t, s.UpdateKeys(t.Context(), func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				return []rotate.KeyState{{ID: bad}}, nil, nil
			}), "UTF-8")
		}
		for _, bad := range []string{"", string(make([]byte, 256))} {
			require.ErrorIs(t, s.Insert(t.Context(), rotate.Credential{Account: bad}, nil), rotate.ErrAccount)
		}
		require.Zero(t, number(t, p.db, "SELECT (SELECT COUNT(*) FROM tillkey_credentials) + (SELECT COUNT(*) FROM tillkey_events)"))
	})
}
