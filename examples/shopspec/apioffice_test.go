package shopspec_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

// seed adds an account as an import does.
func (s *apiShop) seed(ctx context.Context, a shopspec.Account) (string, error) {
	id, group := "c-"+a.Email, "customers"
	if a.Staff {
		group = "staff"
	}
	encoded := a.Encoded
	if encoded == "" {
		var err error
		if encoded, err = s.realm.Hasher.Hash(ctx, a.Password); err != nil {
			return "", err
		}
	}
	changed := a.Changed
	if changed.IsZero() {
		changed = s.realm.Clock.Now()
	}
	s.realm.Customers.Add(tilltest.Customer{Account: id, Address: a.Email})
	report, err := s.realm.Keeper.Import(ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: id, Group: group, Encoded: encoded, Created: a.Created, Changed: changed}, nil)
	})
	if err != nil {
		return "", err
	}
	if len(report.Problems) > 0 {
		err := report.Problems[0].Err
		if errors.Is(err, hash.ErrFormat) {
			err = shopspec.ErrUnsupported
		}
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.staff[id] = a.Staff
	return id, nil
}

// office is for the staff.
func (s *apiShop) office(mux *http.ServeMux) {
	keeper := s.realm.Keeper
	staff := func(pattern string, page func(w http.ResponseWriter, r *http.Request, actor string)) {
		fresh := s.gate.Fresh(0)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			session, _ := web.From(r.Context())
			page(w, r, session.Account)
		}))
		mux.Handle(pattern, s.gate.SignedIn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			session, _ := web.From(r.Context())
			s.mu.Lock()
			is := s.staff[session.Account]
			s.mu.Unlock()
			if !is {
				answer(w, http.StatusNotFound, map[string]any{"code": "not_found"})
				return
			}
			fresh.ServeHTTP(w, r)
		})))
	}
	order := func(f send, actor string) rotate.Order {
		o := rotate.Order{
			Account: f.Account, Group: f.Group, Reason: rotate.Reason(f.Reason), Grace: time.Duration(f.Grace) * 24 * time.Hour,
			Note: f.Note, Actor: actor, Expect: f.Expect,
		}
		if day, err := time.Parse(time.DateOnly, f.Before); err == nil {
			o.Before = day
		}
		return o
	}
	staff("GET /admin", func(w http.ResponseWriter, _ *http.Request, _ string) { answer(w, http.StatusOK, map[string]any{}) })
	staff("POST /admin/orders/count", func(w http.ResponseWriter, r *http.Request, actor string) {
		f, _ := form(w, r)
		n, err := keeper.Preview(r.Context(), order(f, actor))
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		answer(w, http.StatusOK, map[string]any{"count": n})
	})
	staff("POST /admin/orders", func(w http.ResponseWriter, r *http.Request, actor string) {
		f, _ := form(w, r)
		id, err := keeper.Force(r.Context(), order(f, actor))
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		answer(w, http.StatusCreated, map[string]any{"id": id})
	})
	staff("GET /admin/orders", func(w http.ResponseWriter, r *http.Request, _ string) {
		log, err := keeper.Orders(r.Context())
		var list []map[string]any
		for _, o := range log {
			row := map[string]any{"id": o.ID, "note": o.Note, "withdraws": o.Withdraws}
			if p, err := keeper.Progress(r.Context(), o.ID); err == nil {
				row["left"] = p.Left
			}
			list = append(list, row)
		}
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		answer(w, http.StatusOK, map[string]any{"orders": list})
	})
	staff("POST /admin/orders/{id}/withdraw", func(w http.ResponseWriter, r *http.Request, actor string) {
		f, _ := form(w, r)
		if err := keeper.Withdraw(r.Context(), rotate.ID(r.PathValue("id")), actor, f.Note); err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		answer(w, http.StatusOK, map[string]any{})
	})
}

// apiTable describes the shop.
func apiTable() shopspec.Table {
	order := map[shopspec.Field]string{
		shopspec.ID: "account", shopspec.Group: "group", shopspec.Before: "before", shopspec.Reason: "reason", shopspec.Grace: "grace",
		shopspec.Note: "note", shopspec.Count: "expect",
	}
	reasons := map[shopspec.Field]string{shopspec.Reasons: "problems[*].code"}
	in := map[shopspec.Field]string{shopspec.Token: "token", shopspec.Renewal: "renewal", shopspec.Ticket: "ticket", shopspec.Reasons: "problems[*].code"}
	change := map[shopspec.Field]string{shopspec.Password: "password", shopspec.NewPassword: "newpassword"}
	next := map[shopspec.Field]string{
		shopspec.Ticket: "ticket", shopspec.Code: "code", shopspec.Recovery: "recovery", shopspec.NewPassword: "newpassword",
	}
	return shopspec.Table{
		Mails:    map[shopspec.Action]string{shopspec.Reset: `your ticket: (\S+)`},
		Breached: []string{leakedPhrase},
		Routes: map[shopspec.Action]shopspec.Route{
			shopspec.Home: {Path: "/"},
			shopspec.SignUp: {Path: "/api/sign-up", Find: in, Fields: map[shopspec.Field]string{
				shopspec.Name: "name", shopspec.Email: "email", shopspec.Password: "password",
			}},
			shopspec.SignIn:         {Path: "/api/sign-in", Find: in, Fields: map[shopspec.Field]string{shopspec.Email: "email", shopspec.Password: "password"}},
			shopspec.GiveCode:       {Path: "/api/sign-in/next", Find: in, Fields: next},
			shopspec.ChoosePassword: {Path: "/api/sign-in/next", Find: in, Fields: next},
			shopspec.Renew:          {Path: "/api/renew", Find: in, Fields: map[shopspec.Field]string{shopspec.Renewal: "renewal"}},
			shopspec.SignOut:        {Method: "POST", Path: "/logout"},
			shopspec.ChangePassword: {Path: "/account/password", Find: in, Fields: change},
			shopspec.AskReset:       {Path: "/api/forgot", Fields: map[shopspec.Field]string{shopspec.Email: "email"}},
			shopspec.Reset:          {Path: "/api/reset", Find: reasons, Fields: next},
			shopspec.Enroll: {
				Path: "/account/second-factor", Find: map[shopspec.Field]string{shopspec.Secret: "uri", shopspec.Ticket: "ticket"},
				Fields: map[shopspec.Field]string{shopspec.Password: "password", shopspec.Ticket: "ticket", shopspec.Email: "email"},
			},
			shopspec.ConfirmFactor: {
				Path:   "/account/second-factor/confirm",
				Find:   map[shopspec.Field]string{shopspec.Recovery: "recovery[*]", shopspec.Token: "token", shopspec.Renewal: "renewal"},
				Fields: map[shopspec.Field]string{shopspec.Ticket: "ticket", shopspec.Code: "code"},
			},
			shopspec.StepUp:     {Path: "/account/confirm", Find: in, Fields: map[shopspec.Field]string{shopspec.Code: "code", shopspec.Password: "password"}},
			shopspec.Page:       {Path: "/api/me"},
			shopspec.Deed:       {Method: "POST", Path: "/api/me"},
			shopspec.Admin:      {Path: "/admin"},
			shopspec.CountOrder: {Path: "/admin/orders/count", Fields: order, Find: map[shopspec.Field]string{shopspec.Count: "count"}},
			shopspec.PlaceOrder: {Path: "/admin/orders", Fields: order},
			shopspec.Orders: {Path: "/admin/orders", Find: map[shopspec.Field]string{
				shopspec.Order: "orders[note={note}].id", shopspec.Left: "orders[note={note}].left",
			}},
			shopspec.Withdraw: {Path: "/admin/orders/{order}/withdraw", Fields: map[shopspec.Field]string{shopspec.Note: "note"}},
			shopspec.Audit:    {Path: "/admin/orders"},
		},
	}
}

// TestJSON: a shop for programs, with tokens that must be renewed, describes
// itself and passes what it has.
func TestJSON(t *testing.T) {
	shop, err := newAPIShop()
	require.NoError(t, err)
	server := httptest.NewServer(shop.handler())
	defer server.Close()
	driver, err := shopspec.JSON(apiTable())
	require.NoError(t, err)
	spec := shopspec.Shop{
		Name: "API", Driver: driver, Breached: []string{leakedPhrase},
		Instances: []shopspec.Instance{{URL: server.URL, Hooks: shop.hooks()}},
	}
	report := shopspec.Run(t.Context(), spec, shopspec.Options{})
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.Err(), text.String())
	require.ElementsMatch(t, []string{
		"S1/taken-address", // a sign-up that signs in cannot hide it
		"S2/md5", "S3/restart", "S4/next", "S4/cart", "S5/card-step-up",
		"S3/instances", "S4/instances", "S5/code-once-instances",
	}, report.Names(shopspec.StateNotRun), text.String())
}
