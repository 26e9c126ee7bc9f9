package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tillkey/tillkey/examples/shopspec"
)

const (
	// maxReply bounds an answer; a log may be long.
	maxReply = 64 << 20
	// replyTime bounds one call; a restart opens a database.
	replyTime = time.Minute
)

// Client returns the hooks of the instance whose [Handler] is mounted at an
// address, as "http://127.0.0.1:8080/test/hooks/". It asks at once which there
// are; the others are nil.
func Client(ctx context.Context, address, token string) (shopspec.Hooks, error) {
	if err := checkToken(token); err != nil {
		return shopspec.Hooks{}, err
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return shopspec.Hooks{}, fmt.Errorf("hook: %q is no address of hooks", address)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := client{strings.TrimSuffix(u.String(), "/") + "/", token, &http.Client{Timeout: replyTime, CheckRedirect: stay}}
	a, err := c.ask(ctx, have, question{})
	if err != nil {
		return shopspec.Hooks{}, err
	}
	return c.hooks(a.Have), nil
}

type client struct {
	address, token string
	http           *http.Client
}

// ask calls one hook. [shopspec.ErrUnsupported] comes through as itself.
func (c client) ask(ctx context.Context, name string, q question) (a reply, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+name, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(r)
	if err != nil {
		return a, fmt.Errorf("hook %s: %w", name, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	switch {
	case err != nil:
		return a, fmt.Errorf("hook %s: %w", name, err)
	case len(text) > maxReply:
		return a, fmt.Errorf("hook %s: an answer of more than %d bytes", name, maxReply)
	case res.StatusCode == http.StatusNotImplemented:
		return a, shopspec.ErrUnsupported
	case res.StatusCode == http.StatusNotFound:
		return a, fmt.Errorf("hook %s: there is none: is the shop built with hooks, and is the token the same?", name)
	case res.StatusCode != http.StatusOK:
		return a, fmt.Errorf("hook %s: %d: %s", name, res.StatusCode, clip(strings.TrimSpace(string(text))))
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, errors.Join(fmt.Errorf("hook %s: the answer is not that of a hook", name), err)
	}
	return a, nil
}

// hooks are those that the instance has.
func (c client) hooks(names []string) (h shopspec.Hooks) {
	if slices.Contains(names, seed) {
		h.Seed = func(ctx context.Context, account shopspec.Account) (string, error) {
			a, err := c.ask(ctx, seed, question{Account: account})
			return a.ID, err
		}
	}
	if slices.Contains(names, storedHash) {
		h.StoredHash = func(ctx context.Context, email string) (string, error) {
			a, err := c.ask(ctx, storedHash, question{Address: email})
			return a.Text, err
		}
	}
	if slices.Contains(names, logs) {
		h.Logs = func(ctx context.Context) (string, error) {
			a, err := c.ask(ctx, logs, question{})
			return a.Text, err
		}
	}
	if slices.Contains(names, mail) {
		h.Mail = func(ctx context.Context, address string) ([]shopspec.Mail, error) {
			a, err := c.ask(ctx, mail, question{Address: address})
			return a.Mails, err
		}
	}
	if slices.Contains(names, advance) {
		h.Advance = func(ctx context.Context, d time.Duration) (time.Time, error) {
			a, err := c.ask(ctx, advance, question{Move: d})
			return a.Now, err
		}
	}
	if slices.Contains(names, restart) {
		h.Restart = func(ctx context.Context) error {
			_, err := c.ask(ctx, restart, question{})
			return err
		}
	}
	return h
}
