package hook

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// maxQuestion bounds the body of a request.
const maxQuestion = 64 << 10

// Handler answers for the hooks of one instance, wherever it is mounted. To
// whoever comes from another machine, or without the token, there is nothing:
// 404. A nil function answers 501. The error is [ErrToken], for a token that is
// too short to protect anything.
func Handler(h shopspec.Hooks, token string) (http.Handler, error) {
	if err := checkToken(token); err != nil {
		return nil, err
	}
	want := sha256.Sum256([]byte("Bearer " + token))
	calls := calls(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := sha256.Sum256([]byte(r.Header.Get("Authorization")))
		if !local(r.RemoteAddr) || subtle.ConstantTimeCompare(want[:], given[:]) != 1 || r.Method != http.MethodPost {
			http.NotFound(w, r)
			return
		}
		var q question
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxQuestion)).Decode(&q); err != nil {
			http.Error(w, "the question is not JSON", http.StatusBadRequest)
			return
		}
		name := path.Base(r.URL.Path)
		call, there := calls[name]
		if !there && !slices.Contains(names(), name) {
			http.NotFound(w, r)
			return
		}
		var a reply
		err := shopspec.ErrUnsupported
		if there {
			a, err = call(r.Context(), q)
		}
		switch {
		case errors.Is(err, shopspec.ErrUnsupported):
			http.Error(w, clip(err.Error()), http.StatusNotImplemented)
		case err != nil:
			http.Error(w, clip(err.Error()), http.StatusInternalServerError)
		default:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Cache-Control", "no-store")
			_ = json.NewEncoder(w).Encode(a) // who has gone cannot be told so
		}
	}), nil
}

// local tells whether a request comes from this machine. A proxy on it would
// hide where its visitors come from; the token keeps those out.
func local(remote string) bool {
	at, err := netip.ParseAddrPort(remote)
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// maxError is how much of an error is told, in bytes.
const maxError = 500

func clip(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxError)], "")
}

type call func(context.Context, question) (reply, error)

// names are all hooks, by their names on the wire.
func names() []string { return []string{seed, storedHash, logs, mail, advance, restart} }

// calls are the hooks that there are.
func calls(h shopspec.Hooks) map[string]call {
	all := map[string]call{}
	if h.Seed != nil {
		all[seed] = func(ctx context.Context, q question) (a reply, err error) {
			a.ID, err = h.Seed(ctx, q.Account)
			return a, err
		}
	}
	if h.StoredHash != nil {
		all[storedHash] = func(ctx context.Context, q question) (a reply, err error) {
			a.Text, err = h.StoredHash(ctx, q.Address)
			return a, err
		}
	}
	if h.Logs != nil {
		all[logs] = func(ctx context.Context, _ question) (a reply, err error) {
			a.Text, err = h.Logs(ctx)
			return a, err
		}
	}
	if h.Mail != nil {
		all[mail] = func(ctx context.Context, q question) (a reply, err error) {
			a.Mails, err = h.Mail(ctx, q.Address)
			return a, err
		}
	}
	if h.Advance != nil {
		all[advance] = func(ctx context.Context, q question) (a reply, err error) {
			a.Now, err = h.Advance(ctx, q.Move)
			return a, err
		}
	}
	if h.Restart != nil {
		all[restart] = func(ctx context.Context, _ question) (reply, error) { return reply{}, h.Restart(ctx) }
	}
	there := slices.Sorted(maps.Keys(all))
	all[have] = func(context.Context, question) (reply, error) { return reply{Have: there}, nil }
	return all
}
