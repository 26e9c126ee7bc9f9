package kettle

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// signUpPage is the form of a sign-up, or the answer to one.
type signUpPage struct {
	Email, Name string
	Problem     string
	Problems    []string
	Rules       passwordRules
}

func (s *Shop) signUpForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "signup", signUpPage{Rules: s.rules(r, groupCustomers)})
}

// signUp checks the password, and all else after the answer, which is the same
// for an address that is taken. Its owner gets a mail either way.
func (s *Shop) signUp(w http.ResponseWriter, r *http.Request) {
	page := signUpPage{Email: foldEmail(r.FormValue("email")), Name: clip(r.FormValue("name"), maxName), Rules: s.rules(r, groupCustomers)}
	t := s.tongues.of(r)
	if !checkEmail(page.Email) || page.Name == "" {
		page.Problem = t.say("Please give your name and one e-mail address.")
		s.show(w, r, http.StatusUnprocessableEntity, "signup", page)
		return
	}
	draft, err := s.keeper.Draft(r.Context(), rotate.NewAccount{
		Group: groupCustomers, Password: r.FormValue("password"), About: []string{page.Email, page.Name},
		Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if err != nil {
		a := s.failure(w, err)
		page.Problem, page.Problems = t.says(a), t.problems(a.Problems)
		s.show(w, r, a.Status, "signup", page)
		return
	}
	if err := s.db.PingContext(r.Context()); err != nil {
		s.fail(w, r, err) // nobody is told of a mail that may not come
		return
	}
	s.mail.later(func(ctx context.Context) error { return s.register(ctx, t, page, draft) })
	s.show(w, r, http.StatusOK, "signup-sent", page)
}

// confirmFor is how long a confirmation mail is good.
const confirmFor = 24 * time.Hour

// register writes customer and credential in one transaction, and mails what
// to do next. The account cannot be used until the address is proven.
func (s *Shop) register(ctx context.Context, t tongue, page signUpPage, draft *rotate.Draft) error {
	if err := s.forgetUnconfirmed(ctx); err != nil {
		return err
	}
	taken, err := s.customers.Find(ctx, page.Email)
	if err != nil {
		return err
	}
	if taken != "" {
		s.mail.send(Letter{To: page.Email, Lang: t.tag.String(), Subject: t.say("You have an account already"), Body: []string{
			t.say("Somebody, perhaps you, tried to sign up with your address. You have an account; nothing was changed."), t.openAsAlways()}})
		return nil
	}
	token := rand.Text()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	sum := sha256.Sum256([]byte(token))
	var account string
	err = tx.QueryRowContext(ctx, "INSERT INTO customers (email, name, created_at, confirm_sum) VALUES ($1, $2, $3, $4) RETURNING id",
		page.Email, page.Name, s.now().UnixMicro(), sum[:]).Scan(&account)
	if err != nil {
		return err
	}
	if _, err := s.within(tx).Create(ctx, draft.For(account)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.mail.send(Letter{To: page.Email, Lang: t.tag.String(), Subject: t.say("Welcome to the %s", brand), Body: []string{
		t.say("Open the link and sign in with the password you have just chosen."),
		t.say("If you did not sign up, there is nothing to do: without this link the account cannot be used.")},
		Link: "/signup/confirm?token=" + url.QueryEscape(token), LinkText: t.say("Confirm my address")})
	return nil
}

// forgetUnconfirmed deletes sign-ups whose address nobody proved in time.
func (s *Shop) forgetUnconfirmed(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM customers WHERE confirmed_at IS NULL AND created_at < $1 LIMIT 20", s.now().Add(-confirmFor).UnixMicro())
	if err != nil {
		return err
	}
	defer rows.Close()
	var old []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		old = append(old, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, id := range old {
		if err := s.keeper.Erase(ctx, id, "sign-up"); err != nil && !errors.Is(err, rotate.ErrNotFound) {
			return err
		}
		if _, err := s.db.ExecContext(ctx, "DELETE FROM customers WHERE id = $1 AND confirmed_at IS NULL", id); err != nil {
			return err
		}
	}
	return nil
}

// unconfirmed finds a claim of an address that nobody else has proven.
const unconfirmed = `SELECT id, email FROM customers WHERE confirm_sum = $1 AND confirmed_at IS NULL AND created_at > $2
	AND NOT EXISTS (SELECT 1 FROM customers other WHERE other.email = customers.email AND other.confirmed_at IS NOT NULL)`

type confirmPage struct{ Token, Problem string }

func (s *Shop) confirmForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "signup-confirm", confirmPage{Token: r.FormValue("token")})
}

// confirm takes the token from the mail together with the password, so that
// neither who reads the mail nor who knows the password alone gets in. The
// guess counts like any other.
func (s *Shop) confirm(w http.ResponseWriter, r *http.Request) {
	page := confirmPage{Token: r.FormValue("token")}
	sum := sha256.Sum256([]byte(page.Token))
	var c customer
	err := s.db.QueryRowContext(r.Context(), unconfirmed, sum[:], s.now().Add(-confirmFor).UnixMicro()).Scan(&c.ID, &c.Email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		a := s.failure(w, err)
		page.Problem = s.tongues.of(r).says(a)
		s.show(w, r, a.Status, "signup-confirm", page)
		return
	}
	if err != nil {
		page.Problem = s.tongues.of(r).say("This link is too old or was used. Sign in, or sign up again.")
		s.show(w, r, http.StatusBadRequest, "signup-confirm", page)
		return
	}
	d, err := s.keeper.Login(r.Context(), rotate.Attempt{
		Account: c.Account(), Name: c.Email, Password: r.FormValue("password"),
		Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if err != nil {
		a := s.failure(w, err)
		page.Problem = s.tongues.of(r).says(a)
		s.show(w, r, a.Status, "signup-confirm", page)
		return
	}
	_, err = s.db.ExecContext(r.Context(), "UPDATE customers SET confirmed_at = $1, confirm_sum = NULL WHERE id = $2", s.now().UnixMicro(), c.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.follow(w, r, d, step{Next: "/account", Email: c.Email})
}
