package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/rotate"
)

// oldShop is a shop as it was before: a table of customers with numbers for ids
// and a column of hashes, bcrypt at first, which its own sign-in compares.
type oldShop struct {
	mu   sync.Mutex
	rows map[int]oldCustomer
	// read counts how often the column of an account was read; asking runs
	// before that.
	read   map[string]int
	asking func(account string)
}

type oldCustomer struct {
	mail, hash       string
	created, changed time.Time
}

func (s *oldShop) Find(_ context.Context, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, c := range s.rows {
		if strings.EqualFold(c.mail, name) {
			return strconv.Itoa(id), nil
		}
	}
	return "", nil
}

func (s *oldShop) About(_ context.Context, account string) ([]string, error) {
	return []string{s.row(account).mail}, nil
}

func (s *oldShop) Foreign(_ context.Context, account string) (rotate.Foreign, error) {
	c := s.row(account)
	s.mu.Lock()
	s.read[account]++
	asking := s.asking
	s.mu.Unlock()
	if asking != nil {
		asking(account)
	}
	if c.mail == "" {
		return rotate.Foreign{}, rotate.ErrNotFound
	}
	return rotate.Foreign{Encoded: c.hash, Created: c.created, Changed: c.changed}, nil
}

func (s *oldShop) Address(_ context.Context, account string) (string, time.Time, error) {
	return s.row(account).mail, time.Time{}, nil
}

func (s *oldShop) row(account string) oldCustomer {
	id, err := strconv.Atoi(account)
	if err != nil {
		return oldCustomer{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[id]
}

// signIn is the sign-in of the old shop, which also knows argon2id by now.
func (s *oldShop) signIn(account, password string) (bool, error) {
	encoded := s.row(account).hash
	if strings.HasPrefix(encoded, "$argon2id$") {
		return argon2id.ComparePasswordAndHash(password, encoded)
	}
	return bcrypt.CompareHashAndPassword([]byte(encoded), []byte(password)) == nil, nil
}

// newOldShop opens a realm over a shop with n customers, whose ids begin with 7.
func newOldShop(t *testing.T, open Open, n int, changes ...func(*rotate.Config)) (r *realm, shop *oldShop, passwords map[string]string) {
	t.Helper()
	shop = &oldShop{rows: map[int]oldCustomer{}, read: map[string]int{}}
	passwords = map[string]string{}
	for i := range n {
		id := 7 + i
		password := newSecret()
		shop.rows[id] = oldCustomer{
			mail: fmt.Sprintf("customer%d@example.com", id), hash: bcrypted(t, password),
			created: start().AddDate(-5, 0, 0), changed: start().AddDate(-2, 0, 0),
		}
		passwords[strconv.Itoa(id)] = password
	}
	r = newRealm(t, open, append([]func(*rotate.Config){func(c *rotate.Config) { c.Customers = shop }}, changes...)...)
	return r, shop, passwords
}

// visit is a try to sign in at the old shop's new front door.
func visit(shop *oldShop, account, password string) rotate.Attempt {
	return rotate.Attempt{Name: strings.ToUpper(shop.row(account).mail), Password: password, Browser: browser}
}

// TestAdoption: a shop keeps its own table of customers, with numbers for ids and
// bcrypt hashes, and moves in and out without anybody's notice.
func TestAdoption(t *testing.T, open Open) {
	for what, check := range map[string]func(*testing.T, Open){
		"the first sign-in adopts and upgrades":          firstSignIn,
		"a wrong password upgrades nothing":              wrongSignIn,
		"the hash goes back":                             hashGoesBack,
		"the old column revives no password":             oldColumn,
		"a row adopted meanwhile is the one that counts": adoptedMeanwhile,
		"many at once adopt once":                        adoptedOnce,
		"who has no hash has no password":                noHash,
	} {
		t.Run(what, func(t *testing.T) { check(t, open) })
	}
}

func firstSignIn(t *testing.T, open Open) {
	r, shop, passwords := newOldShop(t, open, 3)
	d, err := r.Login(r.ctx, visit(shop, "7", passwords["7"]))
	s := r.next(rotate.Proceed, d, err).Session
	require.Equal(t, "7", s.Account)
	require.Zero(t, s.Epoch, "sessions of before have no epoch, and live on")
	row := r.row("7")
	require.False(t, row.Adopted)
	require.Equal(t, "argon2id m=8 t=1 p=1", row.Format)
	require.Equal(t, "customers", row.Group)
	require.Equal(t, start().AddDate(-5, 0, 0), row.Created)
	require.Equal(t, start().AddDate(-2, 0, 0), row.Changed, "it was not chosen anew")
	require.Equal(t, []rotate.Kind{rotate.Adopted, rotate.HashUpgraded}, r.kinds("7"))
	gone(r.ctx, t, r.store, "8")

	// From then on the column is not read.
	for range 3 {
		d, err := r.again().Login(r.ctx, visit(shop, "7", passwords["7"]))
		r.next(rotate.Proceed, d, err)
	}
	require.Equal(t, 1, shop.read["7"])
	equal := r.row("7")
	equal.SignedIn = row.SignedIn
	equalRow(t, row, equal)
}

func wrongSignIn(t *testing.T, open Open) {
	r, shop, passwords := newOldShop(t, open, 2)
	_, err := r.Login(r.ctx, visit(shop, "7", passwords["8"]))
	require.Equal(t, rotate.Denied{}, denied(t, err))
	row := r.row("7")
	require.True(t, row.Adopted)
	require.Equal(t, "bcrypt cost=4", row.Format)
	require.Equal(t, 1, row.PasswordGuesses.Total)
	require.Equal(t, []rotate.Kind{rotate.Adopted}, r.kinds("7"))
	_, err = r.Login(r.ctx, rotate.Attempt{Name: "nobody@example.com", Password: passwords["7"], Browser: browser})
	require.Equal(t, rotate.Denied{}, denied(t, err))
	d, err := r.Login(r.ctx, visit(shop, "7", passwords["7"]))
	r.next(rotate.Proceed, d, err)
}

// hashGoesBack: what is exported is put into the old column and signs in there,
// the untouched hash byte by byte, the upgraded and the changed one as a string
// that any argon2id reads.
func hashGoesBack(t *testing.T, open Open) {
	r, shop, passwords := newOldShop(t, open, 3)
	before := shop.row("7").hash
	_, err := r.Lookup(r.ctx, "7")
	require.NoError(t, err)
	d, err := r.Login(r.ctx, visit(shop, "8", passwords["8"]))
	r.next(rotate.Proceed, d, err)
	d, err = r.Login(r.ctx, visit(shop, "9", passwords["9"]))
	s := r.next(rotate.Proceed, d, err).Session
	old := passwords["9"]
	passwords["9"] = r.change(s, old)

	require.NoError(t, r.Export(r.ctx, rotate.Query{}, func(account, encoded string) error {
		id, err := strconv.Atoi(account)
		require.NoError(t, err)
		shop.mu.Lock()
		defer shop.mu.Unlock()
		c := shop.rows[id]
		c.hash = encoded
		shop.rows[id] = c
		return nil
	}))
	require.Equal(t, before, shop.row("7").hash)
	for account, password := range passwords {
		right, err := shop.signIn(account, password)
		require.NoError(t, err)
		require.True(t, right, account)
		wrong, err := shop.signIn(account, old)
		require.NoError(t, err)
		require.False(t, wrong, account)
	}
	for _, account := range []string{"8", "9"} {
		require.True(t, strings.HasPrefix(shop.row(account).hash, "$argon2id$v=19$m=8,t=1,p=1$"), account)
	}

	// And back again: another realm adopts what this one exported.
	other := newRealm(t, open, func(c *rotate.Config) { c.Customers = shop })
	for account, password := range passwords {
		d, err := other.Login(other.ctx, visit(shop, account, password))
		other.next(rotate.Proceed, d, err)
		require.Equal(t, account != "7", other.row(account).Adopted, "a current hash is kept as it is")
	}
}

// oldColumn: whatever the shop's column says, a password that was changed here
// stays changed, for every flow and every instance, and until the account is
// erased.
func oldColumn(t *testing.T, open Open) {
	r, shop, passwords := newOldShop(t, open, 3, rules(func(*rotate.Rules) {}))
	old := passwords["7"]
	d, err := r.Login(r.ctx, visit(shop, "7", old))
	s := r.next(rotate.Proceed, d, err).Session
	fresh := r.change(s, old)
	d, err = r.Reset(r.ctx, func() string {
		i, err := r.Issue(r.ctx, rotate.Request{Name: shop.row("8").mail, Browser: browser})
		require.NoError(t, err)
		return i.Ticket
	}(), rotate.Proofs{NewPassword: fresh, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	stale := func() {
		t.Helper()
		r.clock.advance(25 * time.Hour)
		for _, k := range []*rotate.Keeper{r.Keeper, r.again()} {
			for _, account := range []string{"7", "8"} {
				_, err := k.Login(r.ctx, visit(shop, account, passwords[account]))
				require.ErrorIs(t, err, rotate.ErrDenied)
				d, err := k.Login(r.ctx, visit(shop, account, fresh))
				r.next(rotate.Proceed, d, err)
			}
		}
	}
	stale()
	right, err := shop.signIn("7", old)
	require.NoError(t, err)
	require.True(t, right, "the column still is the old one")
	for _, account := range []string{"7", "8"} {
		require.Equal(t, 1, shop.read[account])
		require.NoError(t, importOne(r.ctx, r.Keeper, account, shop.row(account).hash))
		require.NoError(t, r.EndSessions(r.ctx, account, "staff-1"))
		require.NoError(t, r.Unlock(r.ctx, account, "staff-1"))
		require.NoError(t, r.Regroup(r.ctx, account, "elsewhere", "staff-1"))
		_, err = r.Lookup(r.ctx, account)
		require.NoError(t, err)
		stale()
	}
	require.Equal(t, map[string]int{"7": 1, "8": 1}, shop.read)

	// A password that the old shop still changes on its own is not seen here: the
	// column was read once. An import brings it, as long as nobody signed in.
	_, err = r.Lookup(r.ctx, "9")
	require.NoError(t, err)
	newer := newSecret()
	require.NoError(t, importOne(r.ctx, r.Keeper, "9", bcrypted(t, newer)))
	_, err = r.Login(r.ctx, visit(shop, "9", passwords["9"]))
	require.ErrorIs(t, err, rotate.ErrDenied)
	d, err = r.Login(r.ctx, visit(shop, "9", newer))
	r.next(rotate.Proceed, d, err)
}

// adoptedMeanwhile: between the moment the column was read and the row was
// written, another sign-in adopted the account and its password was changed. What
// the column said is forgotten.
func adoptedMeanwhile(t *testing.T, open Open) {
	r, shop, passwords := newOldShop(t, open, 2)
	fresh := map[string]string{}
	meanwhile := func(account string) {
		shop.mu.Lock()
		shop.asking = nil
		shop.mu.Unlock()
		d, err := r.Login(r.ctx, visit(shop, account, passwords[account]))
		fresh[account] = r.change(r.next(rotate.Proceed, d, err).Session, passwords[account])
	}
	shop.asking = meanwhile
	_, err := r.again().Login(r.ctx, visit(shop, "7", passwords["7"]))
	require.ErrorIs(t, err, rotate.ErrDenied)
	shop.asking = meanwhile
	seen, err := r.again().Lookup(r.ctx, "8")
	require.NoError(t, err)
	now, err := r.Lookup(r.ctx, "8")
	require.NoError(t, err)
	require.Equal(t, now, seen)
	require.False(t, seen.Adopted)
	for account, password := range fresh {
		require.Equal(t, 2, shop.read[account])
		require.Equal(t, []rotate.Kind{rotate.Adopted, rotate.HashUpgraded, rotate.SessionsEnded, rotate.PasswordChanged}, r.kinds(account))
		d, err := r.Login(r.ctx, visit(shop, account, password))
		r.next(rotate.Proceed, d, err)
	}
	require.Len(t, fresh, 2)
}

// adoptedOnce: sign-ins and look-ups of several instances meet at an account that
// only the shop knows.
func adoptedOnce(t *testing.T, open Open) {
	const workers = 24
	r, shop, passwords := newOldShop(t, open, 4, patient)
	// Nobody goes on before all have read the column.
	var all sync.WaitGroup
	all.Add(workers)
	shop.asking = func(string) {
		all.Done()
		all.Wait()
	}
	parallel(t, workers, func(i int) error {
		account := "7"
		k := r.again()
		if i%3 == 0 {
			_, err := k.Lookup(r.ctx, account)
			return err
		}
		d, err := k.Login(r.ctx, visit(shop, account, passwords[account]))
		if err == nil && d.Next != rotate.Proceed {
			return fmt.Errorf("sign-in %d led to %v", i, d.Next)
		}
		return err
	})
	require.Equal(t, workers, shop.read["7"])
	n, err := r.store.Count(r.ctx, rotate.Query{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, 1, r.times(rotate.Adopted, "7"))
	require.Equal(t, 1, r.times(rotate.HashUpgraded, "7"))
	require.False(t, r.row("7").Adopted)
	shop.mu.Lock()
	shop.asking = nil
	shop.mu.Unlock()
	d, err := r.Login(r.ctx, visit(shop, "7", passwords["7"]))
	r.next(rotate.Proceed, d, err)
}

// noHash: a customer of a social login, one whose hash nobody can read, and an id
// that the shop does not know.
func noHash(t *testing.T, open Open) {
	r, shop, _ := newOldShop(t, open, 3)
	for id, hash := range map[int]string{7: "", 8: "5f4dcc3b5aa765d61d8327deb882cf99", 9: strings.Repeat("x", 5000)} {
		c := shop.rows[id]
		c.hash = hash
		shop.rows[id] = c
	}
	for account, told := range map[string][]rotate.Kind{
		"7": {rotate.Adopted}, "8": {rotate.Adopted, rotate.Unreadable}, "9": {rotate.Adopted, rotate.Unreadable},
	} {
		_, err := r.Login(r.ctx, visit(shop, account, "password"))
		require.Equal(t, rotate.Denied{}, denied(t, err))
		require.ElementsMatch(t, told, r.kinds(account), account)
		i, err := r.Issue(r.ctx, rotate.Request{Name: shop.row(account).mail, Browser: browser})
		require.NoError(t, err)
		fresh := newSecret()
		d, err := r.Reset(r.ctx, i.Ticket, rotate.Proofs{NewPassword: fresh, Browser: browser})
		r.next(rotate.SignInAgain, d, err)
		d, err = r.Login(r.ctx, visit(shop, account, fresh))
		r.next(rotate.Proceed, d, err)
	}
	_, err := r.Lookup(r.ctx, "1000")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	gone(r.ctx, t, r.store, "1000")
}
