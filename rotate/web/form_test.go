package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/web"
)

// TestKindOfRequest: who gets a page to look at and who gets JSON.
func TestKindOfRequest(t *testing.T) {
	answer := func(headers ...string) string {
		r := httptest.NewRequest("GET", "/account", nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Add(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		web.Answer{Status: http.StatusForbidden, Location: "/x"}.Write(w, r)
		switch {
		case w.Header().Get("HX-Redirect") != "":
			return "htmx"
		case w.Header().Get("Location") != "":
			return "page"
		}
		return "script"
	}
	for _, row := range []struct {
		want    string
		headers []string
	}{
		{"page", nil},
		{"page", []string{"Accept", ""}},
		{"page", []string{"Accept", "text/html"}},
		{"page", []string{"Accept", "TEXT/HTML;level=1"}},
		{"page", []string{"Accept", "application/xhtml+xml"}},
		{"page", []string{"Accept", "application/json;q=0.5, text/html"}},
		{"page", []string{"Accept", "text/html, application/json"}},
		{"page", []string{"Accept", "image/webp", "Accept", "text/html"}},
		{"page", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"page", []string{"Content-Type", "multipart/form-data; boundary=x", "Accept", "text/html"}},
		{"page", []string{"Sec-Fetch-Mode", "navigate", "Accept", "application/json"}},
		{"page", []string{"HX-Request", "false", "Accept", "text/html"}},
		{"script", []string{"Accept", "*/*"}},
		{"script", []string{"Accept", "application/json"}},
		{"script", []string{"Accept", "application/problem+json"}},
		{"script", []string{"Accept", "application/json, text/plain, */*"}},
		{"script", []string{"Accept", "text/html;q=0.5, application/json"}},
		{"script", []string{"Accept", "text/html;q=0"}},
		{"script", []string{"Accept", "text/html;q=two"}},
		{"script", []string{"Accept", "text/html;q=NaN"}},
		{"script", []string{"Accept", "text/html;q=7"}},
		{"script", []string{"Accept", "image/png"}},
		{"script", []string{"Content-Type", "application/json", "Accept", "text/html"}},
		{"script", []string{"Content-Type", "Application/JSON;charset"}},
		{"script", []string{"Content-Type", "application/vnd.api+json"}},
		{"script", []string{"X-Requested-With", "XMLHttpRequest", "Accept", "text/html"}},
		{"script", []string{"Sec-Fetch-Mode", "cors", "Accept", "text/html"}},
		{"script", []string{"Sec-Fetch-Mode", "same-origin"}},
		{"script", []string{"Sec-Fetch-Mode", "no-cors"}},
		{"script", []string{"Sec-Fetch-Mode", "websocket"}},
		{"htmx", []string{"HX-Request", "true", "Content-Type", "application/json"}},
		{"htmx", []string{"HX-Request", "true", "HX-Boosted", "true"}},
	} {
		require.Equal(t, row.want, answer(row.headers...), "%q", row.headers)
	}
}

// FuzzKindOfRequest: no header makes an answer other than one of the two.
func FuzzKindOfRequest(f *testing.F) {
	f.Add("text/html;q=0.9,*/*", "application/json; charset=utf-8")
	f.Add(";;;,,,q=", "/;=")
	f.Fuzz(func(t *testing.T, accept, content string) {
		r := httptest.NewRequest("GET", "/account", nil)
		r.Header["Accept"] = []string{accept}
		r.Header["Content-Type"] = []string{content}
		w := httptest.NewRecorder()
		web.Answer{Status: http.StatusForbidden, Location: "/x"}.Write(w, r)
		require.Contains(t, []int{http.StatusForbidden, http.StatusSeeOther}, w.Code)
		require.Equal(t, w.Code == http.StatusSeeOther, w.Header().Get("Location") == "/x")
	})
}
