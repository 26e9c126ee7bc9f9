package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
)

const leaked = "gargoyle-umbrella-tax-49"

func TestCorpus(t *testing.T) {
	t.Parallel()
	path := leakedText(t, map[string]int{leaked: 17, "pwned": 9})
	r := execute(t, leaked, "check", "--corpus", path, "--json")
	require.Equal(t, exitBreached, r.code)
	require.Equal(t, `{"ok":false,"score":1,"guesses_log10":5,"breached":17,"problems":[{"code":"breached","params":{"count":17},`+
		`"text":"This password has appeared in a data leak, so criminals know it. Choose another one, and change it wherever else you use it."}]}`+"\n", r.stdout)
	r = execute(t, leaked, "check", "--corpus", path)
	require.Equal(t, exitBreached, r.code)
	require.Contains(t, r.stdout, "breached: ")
	require.Contains(t, r.stdout, "Seen in leaks: 17 times.")

	r = execute(t, good, "check", "--corpus", path, "--json")
	require.Equal(t, exitFine, r.code)
	require.Contains(t, r.stdout, `"breached":0,"problems":[]}`)

	// weak and breached: the worse code wins
	require.Equal(t, exitBreached, execute(t, "pwned", "check", "--corpus", path).code)

	// the empty password, and what was not looked into, is not asked about
	for _, input := range []string{"", strings.Repeat("x", 2000), "\xff"} {
		r = execute(t, input, "check", "--corpus", path, "--json")
		require.Equal(t, exitWeak, r.code)
		require.Contains(t, r.stdout, `"breached":null`)
		require.NotContains(t, r.stdout, "unchecked")
	}
}

func TestCorpusBatch(t *testing.T) {
	t.Parallel()
	path := leakedText(t, map[string]int{leaked: 17})
	r := execute(t, good+"\n"+leaked+"\n\nshorty", "check", "--batch", "--corpus", path)
	require.Equal(t, exitBreached, r.code)
	list := reports(t, r.stdout)
	require.Equal(t, []*int{new(0), new(17), nil, new(0)}, []*int{list[0].Breached, list[1].Breached, list[2].Breached, list[3].Breached})
}

func TestCorpusCannotBeUsed(t *testing.T) {
	t.Parallel()
	text := filepath.Join(t.TempDir(), "text.txt")
	require.NoError(t, os.WriteFile(text, []byte("these are no hashes\n"), 0o600))
	for _, path := range []string{text, filepath.Join(t.TempDir(), "missing")} {
		r := execute(t, good, "check", "--corpus", path, "--batch")
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, "the corpus cannot be used")
		require.NotContains(t, r.stderr, "these are")
		require.Empty(t, r.stdout)
	}
}

// rangeService answers like the range service, and holds leaked.
func rangeService(t *testing.T, status int) func(*program) {
	hash := sha1Hex(leaked)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows := []string{}
		for i := range 150 {
			rows = append(rows, fmt.Sprintf("%s:%d", sha1Hex(fmt.Sprint(i))[5:], i+1))
		}
		if r.URL.Path == "/range/"+hash[:5] {
			rows = append(rows, hash[5:]+":23")
		}
		slices.Sort(rows)
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		fmt.Fprint(w, strings.Join(rows, "\r\n"))
	}))
	t.Cleanup(server.Close)
	return func(p *program) {
		p.online = func() (policy.List, error) { return breach.NewRange(breach.RangeConfig{BaseURL: server.URL}) }
	}
}

func TestOnline(t *testing.T) {
	t.Parallel()
	service := rangeService(t, http.StatusOK)
	r := executeWith(t, service, leaked, "check", "--online", "--json")
	require.Equal(t, exitBreached, r.code)
	require.Contains(t, r.stdout, `"breached":23,`)
	r = executeWith(t, service, good, "check", "--online", "--json")
	require.Equal(t, exitFine, r.code)
	require.Contains(t, r.stdout, `"breached":0,`)
	r = executeWith(t, service, good+"\n"+leaked, "check", "--online", "--batch")
	require.Equal(t, exitBreached, r.code)
	require.NotNil(t, reports(t, r.stdout)[1].Breached)
}

func TestOnlineCannotTell(t *testing.T) {
	t.Parallel()
	service := rangeService(t, http.StatusTeapot)
	r := executeWith(t, service, good, "check", "--online", "--json")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, `{"ok":false,`)
	require.Contains(t, r.stdout, `"breached":null,"problems":[],"unchecked":["online: status"]}`)
	r = executeWith(t, service, good, "check", "--online")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, "not checked: ")
	require.Contains(t, r.stdout, "Not checked against online: status.")

	// weak and not checked: the worse code wins, whatever the preset would do
	for _, preset := range policy.Presets() {
		require.Equal(t, exitFailed, executeWith(t, service, weak1, "check", "--online", "--preset", preset).code)
	}

	// one source knows it, the other cannot tell: breached
	path := leakedText(t, map[string]int{leaked: 17})
	r = executeWith(t, service, leaked, "check", "--online", "--corpus", path, "--json")
	require.Equal(t, exitBreached, r.code)

	// one source does not know it, the other cannot tell: unknown
	r = executeWith(t, service, good, "check", "--online", "--corpus", path, "--json")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, `"breached":null,`)

	// the client stops asking after a few failures; each line is answered
	r = executeWith(t, service, strings.Repeat(good+"\n", 50), "check", "--online", "--batch")
	require.Equal(t, exitFailed, r.code)
	for _, line := range reports(t, r.stdout) {
		require.Len(t, line.Unchecked, 1)
		require.Nil(t, line.Breached)
	}
}

func TestOnlineCannotStart(t *testing.T) {
	t.Parallel()
	broken := func(p *program) {
		p.online = func() (policy.List, error) { return nil, errors.New("breach: no such thing") }
	}
	r := executeWith(t, broken, good, "check", "--online", "--corpus", leakedText(t, nil))
	require.Equal(t, exitFailed, r.code)
	require.Equal(t, "pwcheck: the online source cannot be used: no such thing\n", r.stderr)
	_, err := askRange()
	require.NoError(t, err, "what run uses")
}

func TestSourceOfAnotherKind(t *testing.T) {
	t.Parallel()
	r := executeWith(t, func(p *program) {
		p.online = func() (policy.List, error) { return mute{}, nil }
	}, good, "check", "--online", "--json")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, `"unchecked":["online: no answer"]`)
}

// mute is a source that never knows and does not say why.
type mute struct{}

func (mute) Seen(context.Context, string) (int, error) { return 0, policy.ErrUnchecked }
