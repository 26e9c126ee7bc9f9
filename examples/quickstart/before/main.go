// A small shop: customers in SQLite, sessions by scs, and one page for those
// who signed in.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/crypto/bcrypt"
	_ "modernc.org/sqlite"
)

type shop struct {
	db       *sql.DB
	sessions *scs.SessionManager
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "where to listen")
	flag.Parse()
	check(os.MkdirAll("data", 0o700))
	db := must(sql.Open("sqlite", "file:data/shop.db?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)"))
	must(db.Exec("CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT)"))
	s := &shop{db: db, sessions: scs.New()}
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
	hash, err := bcrypt.GenerateFromPassword([]byte(r.FormValue("password")), bcrypt.DefaultCost)
	if err == nil {
		_, err = s.db.ExecContext(r.Context(), "INSERT INTO customers VALUES (?, ?, ?)", id, email, string(hash))
	}
	s.enter(w, r, id, err)
}

func (s *shop) login(w http.ResponseWriter, r *http.Request) {
	id, err := s.Find(r.Context(), r.FormValue("email"))
	if err == nil {
		err = s.compare(r.Context(), id, r.FormValue("password"))
	}
	s.enter(w, r, id, err)
}

// enter signs a customer in, or says that it did not work.
func (s *shop) enter(w http.ResponseWriter, r *http.Request, id string, err error) {
	if err == nil {
		err = s.sessions.RenewToken(r.Context())
	}
	if err != nil {
		show(w, http.StatusUnauthorized, "That did not work.")
		return
	}
	s.sessions.Put(r.Context(), "customer", id)
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
	if s.sessions.GetString(r.Context(), "customer") == "" {
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

func (s *shop) compare(ctx context.Context, id, password string) error {
	hash, err := s.text(ctx, "SELECT password_hash FROM customers WHERE id = ?", id)
	if err != nil {
		return err
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password))
}

// text reads one column of one row, "" if there is no such row.
func (s *shop) text(ctx context.Context, query, key string) (text string, err error) {
	err = s.db.QueryRowContext(ctx, query, key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}
