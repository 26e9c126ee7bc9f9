package kettle

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is suggested is accepted, comes but once, is in the visitor's language,
// and is kept nowhere.
func TestSuggest(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	seen := map[string]bool{}
	for _, group := range []string{groupCustomers, groupStaff} {
		for _, lang := range []string{"en", "de"} {
			for range 3 {
				a := b.send(http.MethodPost, "/suggest?for="+group, nil, "Accept-Language", lang)
				require.Equal(t, http.StatusOK, a.Status, a.Body)
				require.Equal(t, lang, a.Header.Get("Content-Language"))
				require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
				found := regexp.MustCompile(`<code id="suggested">([^<]+)</code>`).FindStringSubmatch(a.Body)
				require.NotNil(t, found, a.Body)
				password := html.UnescapeString(found[1])
				require.False(t, seen[password])
				seen[password] = true
				require.NotContains(t, b.post("/preview?for="+group, "password", password).Body, "<li>")
				require.NotContains(t, g.logs.String(), password)
				require.Contains(t, a.Body, map[string]string{"en": "Use it", "de": "Übernehmen"}[lang])
			}
		}
	}
	for password := range seen {
		require.Equal(t, http.StatusOK, b.signUp(fay, password).Status)
		break
	}
	require.Equal(t, http.StatusNotFound, b.post("/suggest?for=nobody").Status)
}

// It asks neither session nor database nor a list of leaked passwords, and is
// limited like what is said while typing.
func TestSuggestNeedsNoDatabase(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	require.NoError(t, g.shop.db.DB.Close())
	require.Equal(t, http.StatusOK, b.post("/suggest?for=customers").Status)
	var a answer
	for range g.shop.typing.burst {
		a = b.post("/suggest?for=customers")
	}
	require.Equal(t, http.StatusTooManyRequests, a.Status)
	require.Equal(t, "1", a.Header.Get("Retry-After"))
	require.NotContains(t, a.Body, "suggested")
}

// A failure is told in the shop's dress, without a session.
func TestSuggestFails(t *testing.T) {
	g := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/suggest?for=customers", nil)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", "de")
	w := httptest.NewRecorder()
	g.shop.Handler().ServeHTTP(w, r)
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Contains(t, w.Body.String(), "Das geht gerade nicht.")
}

// The rules that a password meets are told while it is typed, and each rule is
// told once: as one that is met, as a problem, or as one to come.
func TestPreviewTellsWhatIsMet(t *testing.T) {
	b := newStage(t).browser()
	rules := func(typed string) (met, later []string) {
		for _, found := range regexp.MustCompile(`<li class="(\w+)">(?:<span class="unseen">met:</span> )?([^<]*)`).FindAllStringSubmatch(b.post("/preview?for=customers", "password", typed).Body, -1) {
			if found[1] == "met" {
				met = append(met, html.UnescapeString(found[2]))
			} else {
				later = append(later, strings.TrimSpace(html.UnescapeString(found[2])))
			}
		}
		return met, later
	}
	met, later := rules("short")
	require.NotContains(t, met, "At least 15 characters.")
	require.Contains(t, met, "At most 256 characters.")
	require.Equal(t, []string{"No password that has appeared in a data leak."}, later, "nobody asks for leaks while it is typed")
	met, _ = rules(fayPassword)
	require.Contains(t, met, "At least 15 characters.")
	met, later = rules(strings.Repeat("long ", 100))
	require.Empty(t, met, "it was not looked into")
	require.Len(t, later, 5)
}
