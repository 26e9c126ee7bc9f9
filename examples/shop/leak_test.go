package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// S10, S20, S22: passwords, codes, tickets, seeds and keys are in no log, no
// column of the database, and no page but the one that must show it.
func TestNothingLeaks(t *testing.T) {
	g := newStage(t)
	staff, staffSecret := g.staff()
	ada := g.account("Ada")
	b := g.browser()
	secrets := map[string]string{"wrong password": "a wrong but wordy guess", "staff seed": strings.ReplaceAll(staffSecret.Reveal(), " ", "")}
	for _, a := range g.shop.seeded {
		secrets["password of "+a.Name] = a.Password
	}
	b.login(ada.Email, secrets["wrong password"])
	b.entered(b.login(ada.Email, ada.Password))
	a := b.post("/account/second-factor", "password", ada.Password)
	secret := a.secret(t)
	secrets["seed"] = strings.ReplaceAll(secret.Reveal(), " ", "")
	code := g.code(secret)
	secrets["code"] = code
	codes := b.post("/account/second-factor/confirm", "code", code).recoveryCodes(t)
	secrets["recovery code"], secrets["used recovery code"] = codes[3], codes[0]
	require.NotContains(t, b.get("/account/second-factor").Body, codes[3])

	b.post("/logout")
	a = b.login(ada.Email, ada.Password)
	secrets["ticket of a sign-in"] = a.hidden(t, "ticket")
	b.entered(b.post("/login/code", "ticket", secrets["ticket of a sign-in"], "recovery", codes[0]))
	staff.force("group", "customers", "reason", "compromise", "note", "a test")
	b.post("/forgot", "email", ada.Email)
	secrets["mailed ticket"] = b.get(g.letter(ada.Email).Link).hidden(t, "ticket")
	secrets["new password"] = fayPassword
	require.Contains(t, b.post("/reset", "ticket", secrets["mailed ticket"], "new_password", fayPassword, "recovery", codes[1], "with_code", "1").Body, "is changed")
	b.signUp(fay, fayPassword)
	secrets["token"] = b.get(g.letter(fay).Link).hidden(t, "token")
	for _, page := range []string{"/admin", "/admin/customers/1", "/admin/orders", "/admin/audit"} {
		body := staff.get(page).Body
		for name, s := range secrets {
			require.NotContains(t, body, s, "%s on %s", name, page)
		}
	}
	keys, err := os.ReadFile(g.config.keys)
	require.NoError(t, err)
	lines := strings.Fields(string(keys))
	secrets["key"] = lines[len(lines)-1][len("tillkey-key-v1:k12345678:"):]
	at, err := url.Parse(b.server.URL)
	require.NoError(t, err)
	for _, c := range b.client.Jar.Cookies(at) {
		secrets["cookie "+c.Name] = c.Value
	}
	g.stop()

	log := g.logs.String()
	require.Contains(t, log, "level=INFO")
	files, err := filepath.Glob(g.config.db + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for name, s := range secrets {
		require.NotEmpty(t, s, name)
		if name != "code" { // six digits are in every file
			for _, f := range files {
				text, err := os.ReadFile(f)
				require.NoError(t, err)
				require.NotContains(t, string(text), s, "%s in %s", name, f)
			}
		}
		require.NotContains(t, log, s, name)
	}
	require.NotContains(t, log, ada.Email)
}
