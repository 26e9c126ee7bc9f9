package kettle

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every account of the demonstration has a way in: the printed password, and
// where that is not enough, the mail.
func TestEveryDemoAccountGetsIn(t *testing.T) {
	g := newStage(t)
	require.Greater(t, len(g.shop.seeded), 38)
	for _, a := range g.shop.seeded {
		b := g.browser()
		in := b.login(a.Email, a.Password)
		switch a.Name {
		case "Cleo":
			b.entered(b.post("/login/password", "ticket", in.hidden(t, "ticket"), "new_password", fayPassword))
		case "Dora":
			require.Contains(t, in.Body, "Your account needs a second factor")
		case "Hana":
			require.Contains(t, in.Body, "appeared in a data leak")
			b.out()
			b.post("/forgot", "email", a.Email)
			ticket := b.get(g.letter(a.Email).Link).hidden(t, "ticket")
			require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", "winter is coming again").Body, "leak", "from the frying pan into the fire")
			require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", fayPassword).Body, "Your password is changed")
			b.entered(b.login(a.Email, fayPassword))
		default:
			b.entered(in)
		}
	}
}

// They are stored in many ways at first, and in one after a sign-in.
func TestDemoHashesAreUpgraded(t *testing.T) {
	g := newStageWith(t, nil)
	format := func(email string) string {
		return g.sql("SELECT format FROM tillkey_credentials WHERE account = (SELECT CAST(id AS TEXT) FROM customers WHERE email = $1)", email)
	}
	for name, was := range map[string]string{"Emil": "bcrypt cost=4", "Greta": "argon2id m=1024 t=1 p=1", "Kira": "bcrypt cost=10"} {
		a, b := g.account(name), g.browser()
		require.Equal(t, was, format(a.Email))
		require.Equal(t, http.StatusUnauthorized, b.login(a.Email, "something else entirely").Status)
		b.entered(b.login(a.Email, a.Password))
		require.Equal(t, g.shop.format, format(a.Email))
	}
	require.Equal(t, "argon2id m=19456 t=2 p=1", g.shop.format)
}
