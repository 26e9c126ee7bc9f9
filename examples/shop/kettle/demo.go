package kettle

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// demoAccount is an account of the demonstration.
type demoAccount struct {
	Email, Name, Password, What string
	Staff                       bool
	// Stored is how the password is stored.
	Stored stored
	// Days is how old it is, where it is from the time before Tillkey.
	Days int
	// Card is true where a card is on file.
	Card bool
	// Due is the reason for which a new password is asked for, Grace until when
	// the old one works.
	Due   rotate.Reason
	Grace time.Duration
}

// demoAccounts are the accounts a new database gets. The password of the staff
// is drawn anew each time: it opens every account. There is no seed of a second
// factor among them, since staff set one up at the first sign-in.
func demoAccounts() []demoAccount {
	return append([]demoAccount{
		{Email: "ada@example.com", Name: "Ada", Password: "nine violet umbrellas", Card: true, What: "a customer like any other, with a card on file"},
		{Email: "ben@example.com", Name: "Ben", Password: "sunflower 1998", Stored: unseenBcrypt, Days: 2557, What: "not seen since Tillkey came: bcrypt, upgraded when he signs in"},
		{Email: "cleo@example.com", Name: "Cleo", Password: "slow green tramway", Due: rotate.PolicyRaised, What: "overdue: must choose a new password first"},
		{Email: "dora@example.com", Name: "Dora", Password: "staff " + rand.Text(), Staff: true, What: "staff: sets up a second factor, then see Admin"},
		{Email: "emil@example.com", Name: "Emil", Password: "paper boats in march", Stored: cheapBcrypt, Days: 1900, What: "imported with the cheapest bcrypt there is: upgraded when he signs in"},
		{Email: "greta@example.com", Name: "Greta", Password: "three lemons and a map", Stored: weakArgon, Days: 700, Card: true, What: "imported with a weak argon2id: upgraded when she signs in"},
		{Email: "hana@example.com", Name: "Hana", Password: "correct horse battery staple", Stored: current, Days: 400, What: "her password has leaked: the sign-in finds out, the mail opens"},
		{Email: "ivo@example.com", Name: "Ivo", Password: "eleven quiet ferries", Due: rotate.AdminReset, Grace: 14 * day, What: "staff asked for a new password within 14 days"},
	}, otherAccounts()...)
}

// otherPassword is that of everybody else.
const otherPassword = "quiet orchard by the sea"

// otherAccounts are the customers who make the pages of the staff worth looking at.
func otherAccounts() (list []demoAccount) {
	names := []string{"Jonas", "Kira", "Leif", "Mira", "Nils", "Olga", "Pablo", "Quinn", "Rosa", "Sven", "Tilda", "Umar", "Vera", "Wanda", "Xenia", "Yara",
		"Zeno", "Anouk", "Bruno", "Carla", "Dario", "Elena", "Felix", "Gwen", "Hugo", "Irma", "Jakob", "Kaya", "Lars", "Maja", "Noel", "Otto"}
	kinds := []stored{current, oldBcrypt, current, cheapBcrypt, current, oldBcrypt, weakArgon, current}
	for i, name := range names {
		a := demoAccount{Email: lower(name) + "@example.com", Name: name, Password: otherPassword, Stored: kinds[i%len(kinds)], Days: 3 + i*i*37%1700, Card: i%3 == 0}
		if i%11 == 10 {
			a.Days = 0
		}
		list = append(list, a)
	}
	return list
}

// leaked are passwords that every guesser knows, for a shop that was given no
// corpus: enough to see what happens.
func leaked() []string {
	return []string{"correct horse battery staple", "to be or not to be that is", "never gonna give you up", "may the force be with you", "winter is coming again", "the quick brown fox jumps"}
}

// seed fills a database without customers, and returns what it made. All of it
// is there or nothing, whenever the shop is stopped.
func (s *Shop) seed(ctx context.Context) ([]demoAccount, error) {
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n > 0 {
		return nil, err
	}
	var list []seedling
	made := hashes{hasher: s.hasher, made: map[string]string{}}
	for _, a := range demoAccounts() {
		one, err := s.prepare(ctx, a, made)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Email, err)
		}
		list = append(list, one)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // does nothing after a commit
	var accounts []demoAccount
	for _, one := range list {
		if err := s.plant(ctx, tx, one); err != nil {
			return nil, fmt.Errorf("%s: %w", one.Email, err)
		}
		accounts = append(accounts, one.demoAccount)
	}
	return accounts, tx.Commit()
}

// seedling is an account whose password is hashed: as a stored string of the
// time before, or as the draft of a sign-up.
type seedling struct {
	demoAccount
	encoded string
	draft   *rotate.Draft
}

// prepare hashes, which takes a while, before anything is locked.
func (s *Shop) prepare(ctx context.Context, a demoAccount, made hashes) (one seedling, err error) {
	one.demoAccount = a
	if a.Stored != signedUp {
		one.encoded, err = made.of(ctx, a)
		return one, err
	}
	one.draft, err = s.keeper.Draft(ctx, rotate.NewAccount{
		Group: customer{Staff: a.Staff}.Group(), Password: a.Password, About: []string{a.Email, a.Name}, Browser: rand.Text(),
	})
	return one, err
}

// plant writes the shop's own rows of an account and its credential, and makes
// due who is to be due.
func (s *Shop) plant(ctx context.Context, tx *sql.Tx, a seedling) error {
	created, changed, set, column := s.now().AddDate(-7, 0, 0), time.Time{}, sql.NullInt64{}, ""
	if a.Days > 0 {
		changed = s.now().Add(-time.Duration(a.Days) * day)
		set = sql.NullInt64{Int64: changed.UnixMicro(), Valid: true}
	}
	if a.Stored == unseenBcrypt {
		column = a.encoded
	}
	c, err := insertCustomer(ctx, tx, customer{Email: a.Email, Name: a.Name, Staff: a.Staff}, created, column, set)
	if err != nil {
		return err
	}
	if a.Card {
		if _, err := tx.ExecContext(ctx, keepCard, c.ID, demoCard); err != nil {
			return err
		}
	}
	keeper := s.within(tx)
	switch {
	case a.draft != nil:
		if _, err := keeper.Create(ctx, a.draft.For(c.Account())); err != nil {
			return err
		}
	case column == "":
		if err := s.importHash(ctx, tx, c, a.encoded, created, changed); err != nil {
			return err
		}
	}
	if a.Due == "" {
		return nil
	}
	_, err = keeper.Force(ctx, rotate.Order{
		Account: c.Account(), Reason: a.Due, Grace: a.Grace, Actor: "demonstration", Note: "so that there is something due", Expect: 1,
	})
	return err
}

// welcome prints what to try. It is no log: a password stands in it.
func (s *Shop) welcome(w io.Writer, addr string) {
	scheme := "http"
	if s.config.Cert != "" {
		scheme = "https"
	}
	fmt.Fprintf(w, "The %s is open at %s://%s/\n\n", brand, scheme, addr)
	if s.config.temporary {
		fmt.Fprintf(w, "Its data is in %s and is deleted when the shop stops;\nkeep it with -db FILE.\n", s.config.DB)
	} else {
		fmt.Fprintf(w, "Its data is in %s,\nthe keys that seal it are in %s.\n", nameOf(s.config.DB), s.config.Keys)
	}
	if len(s.seeded) == 0 {
		fmt.Fprintf(w, "\nThe accounts were shown at the first start, by the instance that filled the database. “Forgotten password” and the outbox open every one.\n")
		return
	}
	fmt.Fprintf(w, "\nTry to sign in as:\n")
	more := 0
	for _, a := range s.seeded {
		if a.What == "" {
			more++
			continue
		}
		fmt.Fprintf(w, "  %-17s %-33q %s\n", a.Email, a.Password, a.What)
	}
	fmt.Fprintf(w, "  and %d more, all with %q: Admin lists them.\n", more, otherPassword)
	fmt.Fprintf(w, "\nMails are at %s://%s/outbox. Started %s. Stop with Ctrl-C.\n", scheme, addr, s.now().Format(time.TimeOnly))
}
