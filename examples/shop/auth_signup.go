package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strconv"
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

func (s *shop) signUpForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "signup", signUpPage{Rules: s.rules(groupCustomers)})
}

// signUp checks the password, and all else after the answer, which is the same
// for an address that is taken. Its owner gets a mail either way.
func (s *shop) signUp(w http.ResponseWriter, r *http.Request) {
	page := signUpPage{Email: foldEmail(r.FormValue("email")), Name: clip(r.FormValue("name"), maxName), Rules: s.rules(groupCustomers)}
	if !checkEmail(page.Email) || page.Name == "" {
		page.Problem = "Please give your name and one e-mail address."
		s.show(w, r, http.StatusUnprocessableEntity, "signup", page)
		return
	}
	draft, err := s.keeper.Draft(r.Context(), rotate.NewAccount{
		Group: groupCustomers, Password: r.FormValue("password"), About: []string{page.Email, page.Name},
		Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if err != nil {
		a := s.failure(w, err)
		page.Problem, page.Problems = says(a), problems(a.Problems)
		s.show(w, r, a.Status, "signup", page)
		return
	}
	s.mail.later(func(ctx context.Context) error { return s.register(ctx, page, draft) })
	s.show(w, r, http.StatusOK, "signup-sent", page)
}

// confirmFor is how long a confirmation mail is good.
const confirmFor = 24 * time.Hour

// register writes customer and credential in one transaction, and mails what
// to do next. The account cannot be used until the address is proven.
func (s *shop) register(ctx context.Context, page signUpPage, draft *rotate.Draft) error {
	if err := s.forgetUnconfirmed(ctx); err != nil {
		return err
	}
	taken, err := s.customers.Find(ctx, page.Email)
	if err != nil {
		return err
	}
	if taken != "" {
		s.mail.send(letter{To: page.Email, Subject: "You have an account already", Body: []string{
			"Somebody, perhaps you, tried to sign up with your address. You have an account; nothing was changed.", openAsAlways}})
		return nil
	}
	token := rand.Text()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	sum := sha256.Sum256([]byte(token))
	result, err := tx.ExecContext(ctx, "INSERT INTO customers (email, name, created_at, confirm_sum) VALUES (?, ?, ?, ?)",
		page.Email, page.Name, s.now().UnixMicro(), sum[:])
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	if _, err := s.keeper.Within(s.store.On(tx)).Create(ctx, draft.For(strconv.FormatInt(id, 10))); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.mail.send(letter{To: page.Email, Subject: "Welcome to the " + brand, Body: []string{
		"Open the link and sign in with the password you have just chosen.",
		"If you did not sign up, there is nothing to do: without this link the account cannot be used."},
		Link: "/signup/confirm?token=" + url.QueryEscape(token), LinkText: "Confirm my address"})
	return nil
}

// forgetUnconfirmed deletes sign-ups whose address nobody proved in time.
func (s *shop) forgetUnconfirmed(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM customers WHERE confirmed_at IS NULL AND created_at < ? LIMIT 20", s.now().Add(-confirmFor).UnixMicro())
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
		if _, err := s.db.ExecContext(ctx, "DELETE FROM customers WHERE id = ? AND confirmed_at IS NULL", id); err != nil {
			return err
		}
	}
	return nil
}

// unconfirmed finds a claim of an address that nobody else has proven.
const unconfirmed = `SELECT id, email FROM customers WHERE confirm_sum = ? AND confirmed_at IS NULL AND created_at > ?
	AND NOT EXISTS (SELECT 1 FROM customers other WHERE other.email = customers.email AND other.confirmed_at IS NOT NULL)`

type confirmPage struct{ Token, Problem string }

func (s *shop) confirmForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "signup-confirm", confirmPage{Token: r.FormValue("token")})
}

// confirm takes the token from the mail together with the password, so that
// neither who reads the mail nor who knows the password alone gets in. The
// guess counts like any other.
func (s *shop) confirm(w http.ResponseWriter, r *http.Request) {
	page := confirmPage{Token: r.FormValue("token")}
	sum := sha256.Sum256([]byte(page.Token))
	var c customer
	err := s.db.QueryRowContext(r.Context(), unconfirmed, sum[:], s.now().Add(-confirmFor).UnixMicro()).Scan(&c.ID, &c.Email)
	if err != nil {
		page.Problem = "This link is too old or was used. Sign in, or sign up again."
		s.show(w, r, http.StatusBadRequest, "signup-confirm", page)
		return
	}
	d, err := s.keeper.Login(r.Context(), rotate.Attempt{
		Account: c.Account(), Name: c.Email, Password: r.FormValue("password"),
		Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if err != nil {
		a := s.failure(w, err)
		page.Problem = says(a)
		s.show(w, r, a.Status, "signup-confirm", page)
		return
	}
	_, err = s.db.ExecContext(r.Context(), "UPDATE customers SET confirmed_at = ?, confirm_sum = NULL WHERE id = ?", s.now().UnixMicro(), c.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.follow(w, r, d, step{Next: "/account", Email: c.Email})
}
