package storetest

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// bcrypted is the hash of a password as an old shop keeps it.
func bcrypted(t *testing.T, password string) string {
	t.Helper()
	encoded, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	require.NoError(t, err)
	return string(encoded)
}

// rowsOf is an import of these rows.
func rowsOf(rows ...rotate.Imported) iter.Seq2[rotate.Imported, error] {
	return func(yield func(rotate.Imported, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// imported imports rows, and lets their customers sign in by name.
func (r *realm) imported(rows ...rotate.Imported) rotate.ImportReport {
	r.t.Helper()
	for _, row := range rows {
		r.customers.add(row.Account, rotate.Foreign{})
	}
	report, err := r.Import(r.ctx, rowsOf(rows...))
	require.NoError(r.t, err)
	return report
}

// exported is what a shop that leaves takes along.
func (r *realm) exported(q rotate.Query) map[string]string {
	r.t.Helper()
	all := map[string]string{}
	require.NoError(r.t, r.Export(r.ctx, q, func(account, encoded string) error {
		require.NotContains(r.t, all, account)
		all[account] = encoded
		return nil
	}))
	return all
}

// TestS15_ImportIsInsertOnly: a row that is there stays, whatever it is and
// wherever it came from; a row that only was imported or adopted, and not used
// since, is replaced.
func TestS15_ImportIsInsertOnly(t *testing.T, open Open) {
	again := newSecret()
	for what, c := range map[string]struct {
		replaced bool
		use      func(r *realm, account string)
	}{
		"imported": {true, func(*realm, string) {}},
		"adopted": {true, func(r *realm, account string) {
			require.NoError(r.t, r.Erase(r.ctx, account, "staff-1"))
			r.customers.add(account, rotate.Foreign{Encoded: countingPrefix + "old password"})
			_, err := r.Lookup(r.ctx, account)
			require.NoError(r.t, err)
		}},
		"guessed at": {true, func(r *realm, account string) {
			_, err := r.Login(r.ctx, attempt(account, "not it"))
			denied(r.t, err)
		}},
		"signed up": {false, func(r *realm, account string) {
			require.NoError(r.t, r.Erase(r.ctx, account, "staff-1"))
			r.signUp(account)
		}},
		"signed in": {false, func(r *realm, account string) { r.signIn(account, "old password") }},
		"admitted": {false, func(r *realm, account string) {
			d, err := r.Admit(r.ctx, rotate.Admission{Account: account, Methods: []string{"hwk"}, Browser: browser})
			r.next(rotate.Proceed, d, err)
		}},
		"reset": {false, func(r *realm, account string) {
			d, err := r.Reset(r.ctx, r.mailed(account, browser), rotate.Proofs{NewPassword: newSecret(), Browser: browser})
			r.next(rotate.SignInAgain, d, err)
		}},
	} {
		t.Run(what, func(t *testing.T) {
			r := newRealm(t, open)
			require.Equal(t, rotate.ImportReport{Inserted: 1}, r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + "old password"}))
			c.use(r, "a")
			before, events := r.row("a"), r.kinds("a")
			at := r.clock.Now().Add(-time.Hour)
			report := r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + again, Changed: at})
			after := r.row("a")
			if !c.replaced {
				require.Equal(t, rotate.ImportReport{Kept: 1}, report)
				equalRow(t, before, after)
				require.Equal(t, events, r.kinds("a"))
				_, err := r.Login(r.ctx, attempt("a", again))
				require.ErrorIs(t, err, rotate.ErrDenied)
				return
			}
			require.Equal(t, rotate.ImportReport{Replaced: 1}, report)
			require.Equal(t, append(events, rotate.CredentialImported), r.kinds("a"))
			require.Equal(t, at, after.Changed)
			require.True(t, after.Adopted)
			require.NotEqual(t, before.Epoch, after.Epoch, "another password is another epoch")
			require.Equal(t, countingPrefix+again, r.exported(rotate.Query{})["a"])
			_, err := r.Login(r.ctx, attempt("a", "old password"))
			require.ErrorIs(t, err, rotate.ErrDenied)
			r.signIn("a", again)
		})
	}
}

// TestS15_AFactorIsUse: whoever set up a second factor has used the account, even
// if no sign-in was completed; a hash sealed without the factor would never
// open again.
func TestS15_AFactorIsUse(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.RequireFactor = true }))
	current, err := r.config.Hasher.Hash(r.ctx, "old password")
	require.NoError(t, err)
	r.imported(rotate.Imported{Account: "a", Encoded: current})
	d, err := r.Login(r.ctx, attempt("a", "old password"))
	d = r.next(rotate.NeedEnroll, d, err)
	p := rotate.Proofs{Ticket: d.Ticket, Browser: browser}
	e, err := r.Enroll(r.ctx, rotate.Session{}, p)
	require.NoError(t, err)
	// An order that is placed meanwhile keeps the sign-in from completing.
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	p.Code = e.Secret.Code(r.clock.Now())
	d, _, err = r.Confirm(r.ctx, rotate.Session{}, p)
	r.next(rotate.NeedNewPassword, d, err)
	before := r.row("a")
	require.True(t, before.Adopted)
	require.Zero(t, before.SignedIn)
	require.Equal(t, rotate.ImportReport{Kept: 1}, r.imported(rotate.Imported{Account: "a", Encoded: bcrypted(t, newSecret())}))
	equalRow(t, before, r.row("a"))
	d, err = r.Login(r.ctx, attempt("a", "old password"))
	r.next(rotate.NeedCode, d, err)
}

// TestS15_ASignInRacesAnImport: who verified the password that an import
// replaces meanwhile gets no session.
func TestS15_ASignInRacesAnImport(t *testing.T, open Open) {
	r := newRealm(t, open)
	again := newSecret()
	r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + "old password"})
	_, err := r.between(2, func() {
		require.Equal(t, 1, r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + again}).Replaced)
	}).Login(r.ctx, attempt("a", "old password"))
	require.ErrorIs(t, err, rotate.ErrDenied)
	r.signIn("a", again)
}

// TestS15_TwiceIsOnce: an import that runs again, or on after it was cut off,
// ends as one that ran once; and what was imported is exported, byte by byte.
func TestS15_TwiceIsOnce(t *testing.T, open Open) {
	r := newRealm(t, open)
	current, err := r.config.Hasher.Hash(r.ctx, "x")
	require.NoError(t, err)
	var rows []rotate.Imported
	want := map[string]string{}
	for i := range 510 {
		row := rotate.Imported{
			Account: fmt.Sprintf("c-%d", i), Encoded: fmt.Sprintf("%sof %d ", countingPrefix, i),
			Created: start().Add(-time.Duration(i) * time.Hour), Changed: start().Add(-time.Duration(i) * time.Minute),
		}
		switch i % 51 {
		case 0:
			row.Encoded = bcrypted(t, "x")
		case 1:
			row.Encoded = current
		case 2:
			row.Encoded, row.Group = strings.Replace(current, "m=8,t=1", "m=16,t=2", 1), "store-17/customers"
		}
		rows = append(rows, row)
		want[row.Account] = row.Encoded
	}
	// Cut off in the middle.
	report, err := r.Import(r.ctx, func(yield func(rotate.Imported, error) bool) {
		for i, row := range rows {
			if i == 200 {
				yield(rotate.Imported{}, errBoom)
				return
			}
			yield(row, nil)
		}
	})
	require.ErrorIs(t, err, errBoom)
	require.ErrorContains(t, err, "row 201")
	require.Equal(t, rotate.ImportReport{Inserted: 200}, report)
	require.Equal(t, rotate.ImportReport{Inserted: 310, Kept: 200}, r.imported(rows...))
	before, err := r.store.Page(r.ctx, rotate.Query{Limit: rotate.MaxBatch})
	require.NoError(t, err)
	trail := paged(r.ctx, t, r.store, "", 500)
	require.Equal(t, rotate.ImportReport{Kept: 510}, r.imported(rows...))
	after, err := r.store.Page(r.ctx, rotate.Query{Limit: rotate.MaxBatch})
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, trail, paged(r.ctx, t, r.store, "", 500))

	require.Equal(t, want, r.exported(rotate.Query{}))
	require.Len(t, r.exported(rotate.Query{Group: "store-17"}), 10)
	row := r.row("c-2")
	require.Equal(t, start().Add(-2*time.Hour), row.Created)
	require.Equal(t, start().Add(-2*time.Minute), row.Changed)
	require.Equal(t, "argon2id m=16 t=2 p=1", row.Format)
	require.Zero(t, row.ClearedSeq, "orders concern it")
	err = r.Export(r.ctx, rotate.Query{}, func(string, string) error { return errBoom })
	require.ErrorIs(t, err, errBoom)
}

// TestS15_AMalformedRowIsReported: with its place and why, and the rest goes on.
func TestS15_AMalformedRowIsReported(t *testing.T, open Open) {
	r := newRealm(t, open, func(c *rotate.Config) { c.Profile = nil })
	good := bcrypted(t, "x")
	spoil := map[string]func(rotate.Imported) rotate.Imported{
		"no account":       func(i rotate.Imported) rotate.Imported { i.Account = ""; return i },
		"a long account":   func(i rotate.Imported) rotate.Imported { i.Account = strings.Repeat("a", 256); return i },
		"no text":          func(i rotate.Imported) rotate.Imported { i.Account = "a\xff"; return i },
		"a control":        func(i rotate.Imported) rotate.Imported { i.Account = "a\n"; return i },
		"no hash":          func(i rotate.Imported) rotate.Imported { i.Encoded = ""; return i },
		"an unknown hash":  func(i rotate.Imported) rotate.Imported { i.Encoded = "5f4dcc3b5aa765d61d8327deb882cf99"; return i },
		"half a hash":      func(i rotate.Imported) rotate.Imported { i.Encoded = good[:59]; return i },
		"a dear hash":      func(i rotate.Imported) rotate.Imported { i.Encoded = "$2a$31" + good[6:]; return i },
		"a huge hash":      func(i rotate.Imported) rotate.Imported { i.Encoded = good + strings.Repeat("x", 1<<20); return i },
		"an unknown group": func(i rotate.Imported) rotate.Imported { i.Group = "robots"; return i },
		"no path":          func(i rotate.Imported) rotate.Imported { i.Group = "/customers"; return i },
		"a far past":       func(i rotate.Imported) rotate.Imported { i.Created = time.Unix(-1<<55, 0); return i },
		"a far future":     func(i rotate.Imported) rotate.Imported { i.Changed = time.Unix(1<<55, 0); return i },
	}
	var rows []rotate.Imported
	places := map[int]string{}
	for what, of := range spoil {
		rows = append(rows, of(rotate.Imported{Account: "for " + what, Encoded: good}))
		places[len(rows)] = what
		rows = append(rows, rotate.Imported{Account: "beside " + what, Encoded: good})
	}
	report := r.imported(rows...)
	require.Equal(t, len(spoil), report.Inserted)
	require.Equal(t, len(spoil), report.Refused)
	require.Len(t, report.Problems, len(spoil))
	for _, p := range report.Problems {
		require.Contains(t, places, p.Row)
		require.Error(t, p.Err)
		require.NotContains(t, fmt.Sprint(p), good[8:50], "a hash is in a report")
		if p.Account != "" {
			require.Equal(t, rows[p.Row-1].Account, p.Account)
			gone(r.ctx, t, r.store, p.Account)
		}
		delete(places, p.Row)
	}
	require.Empty(t, places)

	// A hopeless import keeps its report short.
	rows = rows[:0]
	for range 150 {
		rows = append(rows, rotate.Imported{})
	}
	report, err := r.Import(r.ctx, rowsOf(rows...))
	require.NoError(t, err)
	require.Equal(t, 150, report.Refused)
	require.Len(t, report.Problems, 100)
}

// TestS15_RawBytesFirst: a foreign hash may be of any bytes, so what was typed is
// compared first and its NFC second; both are one guess.
func TestS15_RawBytesFirst(t *testing.T, open Open) {
	r := newRealm(t, open)
	typed := "Stra\u00dfe nach A\u030angstro\u0308m 7"
	composed := norm.NFC.String(typed)
	require.NotEqual(t, typed, composed)
	for _, c := range []struct {
		stored, typed string
		compared      int64
		right         bool
	}{
		{typed, typed, 1, true},
		{composed, composed, 1, true},
		{composed, typed, 2, true},
		{typed, composed, 1, false},
		{"something else", typed, 2, false},
		{"something else", composed, 1, false},
		{"caf\xe9 au lait", "caf\xe9 au lait", 1, true},
	} {
		account := "a" + newSecret()[4:]
		r.imported(rotate.Imported{Account: account, Encoded: countingPrefix + c.stored})
		before := r.compared.Load()
		_, err := r.Login(r.ctx, attempt(account, c.typed))
		require.Equal(t, c.right, err == nil, "%+v: %v", c, err)
		require.Equal(t, c.compared, r.compared.Load()-before, "%+v", c)
		if !c.right {
			require.Equal(t, 1, r.row(account).PasswordGuesses.Total, "one guess")
		}
	}
}

// TestS15_InvalidTextIsRefusedWhenSet: bytes that are no UTF-8 are never a new
// password, and never replaced by others. Where an old hash is of such bytes
// they still sign in, and the hash stays until another password is chosen.
func TestS15_InvalidTextIsRefusedWhenSet(t *testing.T, open Open) {
	r := newRealm(t, open)
	bad := "caf\xe9 au lait, large"
	refused := func(err error) {
		t.Helper()
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, policy.NotText, refusal.Problems[0].Code)
	}
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "new", Password: bad, Browser: browser})
	refused(err)
	gone(r.ctx, t, r.store, "new")

	password, s := r.signUp("a")
	before := r.row("a")
	_, err = r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: bad, Browser: browser})
	refused(err)
	_, err = r.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: bad, Browser: browser})
	refused(err)
	r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised})
	d, err := r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedNewPassword, d, err)
	_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: bad, Browser: browser})
	refused(err)
	equalRow(t, before, r.row("a"))
	_, err = r.config.Hasher.Hash(r.ctx, bad)
	require.ErrorIs(t, err, hash.ErrInvalidUTF8)

	latin := bcrypted(t, bad)
	r.imported(rotate.Imported{Account: "latin", Encoded: latin})
	r.signIn("latin", bad)
	require.True(t, r.row("latin").Adopted)
	require.Equal(t, latin, r.exported(rotate.Query{Account: "latin"})["latin"])
	_, err = r.Login(r.ctx, attempt("latin", strings.ToValidUTF8(bad, "\ufffd")))
	require.ErrorIs(t, err, rotate.ErrDenied)
	r.change(r.signIn("latin", bad), bad)
	require.False(t, r.row("latin").Adopted)
}
