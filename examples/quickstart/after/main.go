// A small shop: customers in SQLite, sessions by scs, and one page for those
// who signed in.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/alexedwards/scs/v2"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
	_ "modernc.org/sqlite"
)

type shop struct {
	db       *sql.DB
	sessions *scs.SessionManager
	keeper   *rotate.Keeper
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "where to listen")
	flag.Parse()
	check(os.MkdirAll("data", 0o700))
	db := must(sql.Open("sqlite", "file:data/shop.db?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)"))
	must(db.Exec("CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT)"))
	s := &shop{db: db, sessions: scs.New()}
	gob.Register(rotate.Session{})
	store := must(sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite}))
	check(store.Migrate(context.Background()))
	ring := must(rotate.OpenKeys(context.Background(), store, "quickstart", "shop.keys"))
	s.keeper = must(rotate.New(rotate.Config{Store: store, Ring: ring, Customers: s}))
	check(http.ListenAndServe(*addr, s.handler()))
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) { show(w, http.StatusOK, "Welcome.") })
	mux.HandleFunc("POST /signup", s.signUp)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /account", s.account)
	return http.NewCrossOriginProtection().Handler(s.sessions.LoadAndSave(mux))
}

var form = template.Must(template.New("form").Parse(`<!doctype html><title>Shop</title>
<p>{{.}}</p>
<form method="post" action="/login">
<input name="email" type="email" autocomplete="username" placeholder="E-mail" required>
<input name="password" type="password" autocomplete="current-password" placeholder="Password" required>
<input name="new_password" type="password" autocomplete="new-password" placeholder="New password, if it is time">
<button>Sign in</button> <button formaction="/signup">Sign up</button>
</form>
`))

// show writes the form with a message.
func show(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := form.Execute(w, message); err != nil {
		log.Print(err)
	}
}

func (s *shop) signUp(w http.ResponseWriter, r *http.Request) {
	id, email := rand.Text(), r.FormValue("email")
	d, err := s.keeper.SignUp(r.Context(), rotate.NewAccount{
		Account: id, Password: r.FormValue("password"), About: []string{email}, Source: web.Source(r),
	})
	if err == nil {
		_, err = s.db.ExecContext(r.Context(), "INSERT INTO customers VALUES (?, ?, '')", id, email)
	}
	s.enter(w, r, d, err)
}

func (s *shop) login(w http.ResponseWriter, r *http.Request) {
	d, err := s.keeper.Login(r.Context(), rotate.Attempt{
		Name: r.FormValue("email"), Password: r.FormValue("password"), Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if fresh := r.FormValue("new_password"); d.Next == rotate.NeedNewPassword && fresh != "" {
		d, err = s.keeper.Continue(r.Context(), d.Ticket, rotate.Proofs{NewPassword: fresh, Browser: web.Browser(w, r)})
	}
	s.enter(w, r, d, err)
}

// enter signs a customer in, or says that it did not work.
func (s *shop) enter(w http.ResponseWriter, r *http.Request, d rotate.Decision, err error) {
	if err == nil {
		err = s.sessions.RenewToken(r.Context())
	}
	if err != nil || d.Next != rotate.Proceed {
		a, message := web.Failure(err), "That did not work, or it is time for a new password."
		for _, p := range a.Problems {
			message += " " + p.Text
		}
		show(w, a.Status, message)
		return
	}
	s.sessions.Put(r.Context(), "session", d.Session)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}

func (s *shop) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (s *shop) account(w http.ResponseWriter, r *http.Request) {
	session, _ := s.sessions.Get(r.Context(), "session").(rotate.Session)
	d, err := s.keeper.Valid(r.Context(), session)
	if err != nil || d.Next != rotate.Proceed {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "You are signed in.")
}

// Find returns the id of a customer by e-mail address.
func (s *shop) Find(ctx context.Context, email string) (string, error) {
	return s.text(ctx, "SELECT id FROM customers WHERE email = ?", email)
}

func (s *shop) About(ctx context.Context, id string) ([]string, error) {
	email, err := s.text(ctx, "SELECT email FROM customers WHERE id = ?", id)
	return []string{email}, err
}

func (s *shop) Foreign(ctx context.Context, id string) (rotate.Foreign, error) {
	hash, err := s.text(ctx, "SELECT password_hash FROM customers WHERE id = ?", id)
	return rotate.Foreign{Encoded: hash}, err
}

// text reads one column of one row, "" if there is no such row.
func (s *shop) text(ctx context.Context, query, key string) (text string, err error) {
	err = s.db.QueryRowContext(ctx, query, key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}
