package rotate

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

const testBrowser = "0123456789abcdef"

// sealer is a Keeper that can do nothing but seal and open, at noon.
func sealer(t testing.TB) (k *Keeper, key string) {
	t.Helper()
	secret := keyring.NewKey()
	ring, err := keyring.New("test", secret)
	require.NoError(t, err)
	return &Keeper{ring: ring, clock: func() time.Time { return noon }}, secret.ID
}

func steps() []purpose { return []purpose{forCode, forEnroll, forNewPassword, forReset} }

// TestTicketTextForm: what is sealed is opened, for its own step only, in its
// own browser and time.
func TestTicketTextForm(t *testing.T) {
	k, key := sealer(t)
	c := &Credential{Account: "a", Epoch: 9, Factor: &Factor{ID: "f"}}
	for _, step := range steps() {
		want := k.newTicket(step, c, 7, []string{MethodPassword}, testBrowser)
		require.Equal(t, noon.Add(5*time.Minute), want.Until)
		text, err := k.sealTicket(key, want)
		require.NoError(t, err)
		require.LessOrEqual(t, len(text), maxTicketBytes)
		got, err := k.openTicket(text, testBrowser, steps()...)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.True(t, got.holds(c))
		require.True(t, got.sameBrowser(testBrowser))

		for _, other := range steps() {
			_, err := k.openTicket(text, testBrowser, other)
			if other == step {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, ErrTicket, "%s for %s", step, other)
			}
		}
		_, err = k.openTicket(text, testBrowser)
		require.ErrorIs(t, err, ErrTicket, "for no step")
		_, err = k.openTicket(text, testBrowser+"0", step)
		if step == forReset {
			require.NoError(t, err, "a mail may be read elsewhere; what it proves then is another question")
		} else {
			require.ErrorIs(t, err, ErrTicket)
		}
		for at, good := range map[time.Duration]bool{5*time.Minute - time.Microsecond: true, 5 * time.Minute: false, time.Hour: false, -time.Hour: true} {
			k.clock = func() time.Time { return noon.Add(at) }
			_, err = k.openTicket(text, testBrowser, step)
			require.Equal(t, good, err == nil, at)
		}
		k.clock = func() time.Time { return noon }
	}
}

// TestTicketRefused: every byte that is off, another realm, another key, other
// purposes and other contents.
func TestTicketRefused(t *testing.T) {
	k, key := sealer(t)
	c := &Credential{Account: "a", Epoch: 9}
	text, err := k.sealTicket(key, k.newTicket(forCode, c, 7, nil, testBrowser))
	require.NoError(t, err)
	refused := func(text, why string) {
		_, err := k.openTicket(text, testBrowser, steps()...)
		require.Equal(t, ErrTicket, err, why)
	}
	for i := range text {
		for _, b := range []byte{text[i] ^ 1, '.', 0} {
			if text[i] != b {
				refused(text[:i]+string(b)+text[i+1:], "another byte")
			}
		}
		refused(text[:i], "cut short")
	}
	refused(text+"A", "longer")
	refused(strings.Repeat("A", maxTicketBytes+1), "too long to look at")
	elsewhere, otherKey := sealer(t)
	foreign, err := elsewhere.sealTicket(otherKey, elsewhere.newTicket(forCode, c, 7, nil, testBrowser))
	require.NoError(t, err)
	refused(foreign, "a key that this ring lacks")
	for name, plain := range map[string]string{
		"nothing": "", "no JSON": "{", "no object": "7", "another type": `{"f":7}`, "null": "null",
		"no browser":    `{"f":"code","a":"a","n":"n","u":"2026-03-01T12:05:00Z"}`,
		"no end":        `{"f":"code","a":"a","n":"n"}`,
		"more than one": `{"f":"code","u":"2026-03-01T12:05:00Z"}{}`,
	} {
		sealed, err := k.ring.Seal(key, keyring.Context{Purpose: purposeTicket, Binding: string(forCode)}, []byte(plain))
		require.NoError(t, err)
		refused(sealed, name)
	}
	inside, err := json.Marshal(k.newTicket(forReset, c, 7, nil, testBrowser))
	require.NoError(t, err)
	sealed, err := k.ring.Seal(key, keyring.Context{Purpose: purposeTicket, Binding: string(forCode)}, inside)
	require.NoError(t, err)
	refused(sealed, "another step inside")
	for _, other := range []keyring.Context{
		{Purpose: purposePassword, Account: "a"}, {Purpose: purposeSeed, Account: "a"}, {Purpose: purposeCanary},
		{Purpose: purposeTicket}, {Purpose: purposeTicket, Account: "a", Binding: string(forCode)},
	} {
		good, err := json.Marshal(k.newTicket(forCode, c, 7, nil, testBrowser))
		require.NoError(t, err)
		sealed, err := k.ring.Seal(key, other, good)
		require.NoError(t, err)
		refused(sealed, "sealed for something else")
	}
}

// TestTicketHolds: any change of password or factor makes it void.
func TestTicketHolds(t *testing.T) {
	k, _ := sealer(t)
	c := Credential{Account: "a", Epoch: 9, Factor: &Factor{ID: "f"}}
	x := k.newTicket(forCode, &c, 7, nil, testBrowser)
	for name, edit := range map[string]func(*Credential){
		"epoch": func(c *Credential) { c.Epoch++ }, "another factor": func(c *Credential) { c.Factor.ID = "g" },
		"no factor": func(c *Credential) { c.Factor = nil },
	} {
		other := c.Clone()
		edit(&other)
		require.False(t, x.holds(&other), name)
	}
	c.Pending = &Factor{ID: "p"}
	require.True(t, x.holds(&c), "an offer changes nothing yet")
	require.False(t, x.secondFactor())
	for _, m := range []string{MethodCode, MethodRecovery} {
		require.True(t, k.newTicket(forNewPassword, &c, 7, []string{MethodPassword, m}, "").secondFactor())
	}
	unbound := k.newTicket(forReset, &c, 7, nil, "")
	require.False(t, unbound.sameBrowser(""), "bound to no browser is of no browser")
}

// TestTicketSpend: once each, and the list of a row stays short.
func TestTicketSpend(t *testing.T) {
	k, _ := sealer(t)
	c := Credential{Account: "a"}
	for range maxSpent {
		x := k.newTicket(forCode, &c, 0, nil, testBrowser)
		require.False(t, x.spent(&c))
		require.True(t, x.spend(&c, noon))
		require.True(t, x.spent(&c))
	}
	last := k.newTicket(forCode, &c, 0, nil, testBrowser)
	require.False(t, last.spend(&c, noon.Add(ticketFor-time.Microsecond)), "the list is full")
	require.True(t, last.spend(&c, noon.Add(ticketFor)), "the others are too old to come back")
	require.Len(t, c.Spent, 1)
}

// TestCheckBrowser: 16 to 512 bytes.
func TestCheckBrowser(t *testing.T) {
	for n, good := range map[int]bool{0: false, 15: false, 16: true, 512: true, 513: false} {
		require.Equal(t, good, checkBrowser(strings.Repeat("b", n)) == nil, n)
	}
	require.ErrorIs(t, checkBrowser(""), ErrBrowser)
	require.NotEqual(t, browserSum("x"), addressSum("x"), "one is never taken for the other")
}

// FuzzTicket: whatever is given as a ticket, it is ErrTicket and no panic.
func FuzzTicket(f *testing.F) {
	k, key := sealer(f)
	text, err := k.sealTicket(key, k.newTicket(forCode, &Credential{Account: "a"}, 0, nil, "another browser!"))
	require.NoError(f, err)
	f.Add(text, testBrowser)
	f.Add(text[:len(text)-1], "another browser!")
	f.Add("tk1."+key+".AAAA", "")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, ticket, browser string) {
		if ticket == text && browser == "another browser!" {
			return
		}
		if _, err := k.openTicket(ticket, browser, steps()...); err != ErrTicket {
			t.Fatalf("%v", err)
		}
	})
}

// FuzzTicketContent: whatever was sealed, by an older version or a broken one,
// opening it gives a ticket of that step that is in time, or ErrTicket.
func FuzzTicketContent(f *testing.F) {
	k, key := sealer(f)
	good, err := json.Marshal(k.newTicket(forReset, &Credential{Account: "a"}, 3, []string{MethodPassword}, testBrowser))
	require.NoError(f, err)
	for _, s := range []string{string(good), "", "null", `{"f":"reset"}`, `{"f":"reset","u":"2026-03-01T12:05:00Z","m":[null],"b":"AA=="}`, `{"u":"9999999-03-01T12:05:00Z"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		text, err := k.ring.Seal(key, keyring.Context{Purpose: purposeTicket, Binding: string(forReset)}, plain)
		if err != nil {
			return // longer than anything that is sealed
		}
		x, err := k.openTicket(text, testBrowser, forReset)
		if err != nil {
			if err != ErrTicket {
				t.Fatalf("%v", err)
			}
			return
		}
		if x.For != forReset || !x.Until.After(noon) {
			t.Fatalf("%+v", x)
		}
		c := Credential{Account: x.Account}
		x.holds(&c)
		x.spent(&c)
		x.sameBrowser(testBrowser)
		x.provesAgainst(Due{Since: noon})
	})
}
