package totp_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pquerna/otp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestURIGolden(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	const tail = "&algorithm=SHA1&digits=6&period=30"
	for _, c := range []struct{ issuer, account, want string }{
		{"Acme", "ann@example.com", "otpauth://totp/Acme:ann@example.com?secret=" + rfcSecret + "&issuer=Acme" + tail},
		{"Corner Shop", "Ann Lee", "otpauth://totp/Corner%20Shop:Ann%20Lee?secret=" + rfcSecret + "&issuer=Corner%20Shop" + tail},
		{"Café Ü", "李", "otpauth://totp/Caf%C3%A9%20%C3%9C:%E6%9D%8E?secret=" + rfcSecret + "&issuer=Caf%C3%A9%20%C3%9C" + tail},
		{"M+S", "a+b@example.com", "otpauth://totp/M%2BS:a%2Bb@example.com?secret=" + rfcSecret + "&issuer=M%2BS" + tail},
		{"A&B", "c=d", "otpauth://totp/A%26B:c%3Dd?secret=" + rfcSecret + "&issuer=A%26B" + tail},
		{"Shop: Berlin", "store:7", "otpauth://totp/Shop%20Berlin:store7?secret=" + rfcSecret + "&issuer=Shop%20Berlin" + tail},
		{"", "ann", "otpauth://totp/ann?secret=" + rfcSecret + tail},
		{"Acme", "", "otpauth://totp/Acme:?secret=" + rfcSecret + "&issuer=Acme" + tail},
		{"", "", "otpauth://totp/?secret=" + rfcSecret + tail},
	} {
		assert.Equal(t, c.want, s.URI(c.issuer, c.account))
	}
	other := fromKey(t, rfcKey, totp.Options{Algorithm: totp.SHA512, Digits: 8, Period: 60 * time.Second})
	assert.Equal(t, "otpauth://totp/Acme:ann?secret="+rfcSecret+"&issuer=Acme&algorithm=SHA512&digits=8&period=60",
		other.URI("Acme", "ann"))
}

// Names of shops are chosen by tenants: none of them may reach the secret, the
// other name or the settings.
func TestURIHostileNames(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{Digits: 7, Period: 60 * time.Second})
	for _, c := range []struct{ name, want string }{
		{"A&B", "A&B"},
		{"M+S", "M+S"},
		{"Acme&secret=JBSWY3DPEHPK3PXP&x", "Acme&secret=JBSWY3DPEHPK3PXP&x"},
		{"Acme?secret=JBSWY3DPEHPK3PXP", "Acme?secret=JBSWY3DPEHPK3PXP"},
		{"Acme#secret", "Acme#secret"},
		{"Acme;digits=9", "Acme;digits=9"},
		{"Acme%26secret%3DJBSWY3DPEHPK3PXP", "Acme%26secret%3DJBSWY3DPEHPK3PXP"},
		{"Acme%3Abob", "Acme%3Abob"},
		{"Acme:bob", "Acmebob"},
		{"::", ""},
		{"A/B/../C", "A/B/../C"},
		{"//evil.example", "//evil.example"},
		{`a\b"c'd<e>f`, `a\b"c'd<e>f`},
		{"100 %", "100 %"},
		{"a\r\nb\tc\x00d", "a b cd"},
		{"  a \u00a0 b\u2028c  ", "a b c"},
		{"\u202eemcA\u202c", "emcA"},
		{"\ufeffA\u00adcme\u200b", "Acme"},
		{"a\xffb\xc3", "ab"},
		{"نمی\u200cخواهم", "نمی\u200cخواهم"},
		{"👩\u200d🍳 Bakery", "👩\u200d🍳 Bakery"},
	} {
		for _, uri := range []struct{ text, issuer, account string }{
			{s.URI(c.name, "ann"), c.want, "ann"},
			{s.URI("Acme", c.name), "Acme", c.want},
			{s.URI(c.name, c.name), c.want, c.want},
		} {
			requireReads(t, uri.text, s, uri.issuer, uri.account)
		}
	}
}

// requireReads checks that uri is plain ASCII and means the same to our
// reader, to the OTP library and to net/url.
func requireReads(t *testing.T, uri string, s totp.Secret, issuer, account string) {
	t.Helper()
	for _, c := range []byte(uri) {
		require.True(t, c > ' ' && c < 0x7f, "%q", uri)
	}
	require.NotContains(t, uri, "+")
	require.Less(t, len(uri), 1200)

	key, err := totp.ParseURI(uri)
	require.NoError(t, err, uri)
	require.True(t, key.Secret.Equal(s), uri)
	require.Equal(t, issuer, key.Issuer, uri)
	require.Equal(t, account, key.Account, uri)

	peer, err := otp.NewKeyFromURL(uri)
	require.NoError(t, err, uri)
	require.Equal(t, "totp", peer.Type(), uri)
	require.Equal(t, strings.ReplaceAll(s.Reveal(), " ", ""), peer.Secret(), uri)
	require.Equal(t, issuer, peer.Issuer(), uri)
	require.Equal(t, account, peer.AccountName(), uri)
	require.Equal(t, s.Digits(), peer.Digits().Length(), uri)
	require.EqualValues(t, s.Period()/time.Second, peer.Period(), uri)
	require.Equal(t, s.Algorithm().String(), peer.Algorithm().String(), uri)

	u, err := url.Parse(uri)
	require.NoError(t, err, uri)
	want := 5
	if issuer == "" {
		want--
	}
	require.Len(t, u.Query(), want, uri)
}

func TestURICutsLongNames(t *testing.T) {
	s := totp.NewSecret()
	for _, c := range []struct{ name, issuer, account string }{
		{strings.Repeat("a", 1<<20), strings.Repeat("a", 64), strings.Repeat("a", 128)},
		{strings.Repeat("é", 100), strings.Repeat("é", 32), strings.Repeat("é", 64)},
		{strings.Repeat("李", 100), strings.Repeat("李", 21), strings.Repeat("李", 42)},
		{strings.Repeat("a", 63) + " b", strings.Repeat("a", 63), strings.Repeat("a", 63) + " b"},
		{strings.Repeat(":", 1<<20) + "a", "", ""},
	} {
		requireReads(t, s.URI(c.name, c.name), s, c.issuer, c.account)
	}
}

func TestParseURIDefaultsAndForms(t *testing.T) {
	const secret = "?secret=" + rfcSecret
	for uri, want := range map[string]totp.Key{
		"otpauth://totp/ann" + secret:                                      {Account: "ann"},
		"otpauth://totp/Acme:ann" + secret:                                 {Issuer: "Acme", Account: "ann"},
		"otpauth://totp/Acme%3Aann" + secret:                               {Issuer: "Acme", Account: "ann"},
		"otpauth://totp/Acme:%20%20ann" + secret:                           {Issuer: "Acme", Account: "ann"},
		"otpauth://totp/ann" + secret + "&issuer=Acme":                     {Issuer: "Acme", Account: "ann"},
		"otpauth://totp/My%20Shop:ann" + secret + "&issuer=My+Shop":        {Issuer: "My Shop", Account: "ann"},
		"OTPAUTH://TOTP/ann" + strings.ToLower(secret) + "&Issuer=Acme":    {Issuer: "Acme", Account: "ann"},
		"otpauth://totp/ann" + secret + "&image=x&color=y&counter=1":       {Account: "ann"},
		"otpauth://totp/ann?secret=" + rfcSecret + "%3D%3D&algorithm=sha1": {Account: "ann"},
	} {
		key, err := totp.ParseURI(uri)
		require.NoError(t, err, uri)
		assert.True(t, key.Secret.Equal(fromKey(t, rfcKey, totp.Options{})), uri)
		assert.Equal(t, want.Issuer, key.Issuer, uri)
		assert.Equal(t, want.Account, key.Account, uri)
	}
}

func TestParseURIRefuses(t *testing.T) {
	const start = "otpauth://totp/Acme:ann?secret=" + rfcSecret
	for _, uri := range []string{
		"", "otpauth", "http://totp/a?secret=" + rfcSecret, "otpauth://hotp/a?counter=1&secret=" + rfcSecret,
		"otpauth:totp/a?secret=" + rfcSecret, "otpauth://totp?secret=" + rfcSecret,
		"otpauth://totp:80/a?secret=" + rfcSecret, "otpauth://me@totp/a?secret=" + rfcSecret,
		" " + start, start + "#", start + "#x", start + "\n",
		start + "&secret=" + rfcSecret, start + "&Secret=" + rfcSecret, start + "&issuer=Acme&issuer=Acme",
		start + "&digits=6&digits=8", start + "&x=1&X=2", start + ";digits=8", start + "&issuer=%zz",
		start + "&issuer=Other", start + "&issuer=acme", "otpauth://totp/a:b:c?secret=" + rfcSecret,
		start + "&algorithm=MD5", start + "&algorithm=", start + "&encoder=steam",
		start + "&digits=", start + "&digits=06", start + "&digits=six", start + "&digits=+6", start + "&digits=-6",
		start + "&digits=0", start + "&digits=99999999999999999999", start + "&period=0", start + "&period=30s",
		"otpauth://totp/ann?secret=" + rfcSecret + "0",
	} {
		key, err := totp.ParseURI(uri)
		assert.ErrorIs(t, err, totp.ErrFormat, "%q", uri)
		assert.True(t, key.Secret.IsZero())
	}
	for _, uri := range []string{
		"otpauth://totp/ann", "otpauth://totp/ann?secret=",
		"otpauth://totp/ann?secret=JBSWY3DPEHPK3PXP", // the sample of the key URI format: 10 bytes
		start + "&digits=5", start + "&digits=9", start + "&period=14", start + "&period=121", start + "&period=999",
		start + "&x=" + strings.Repeat("a", 4096),
	} {
		key, err := totp.ParseURI(uri)
		var bounds *totp.BoundsError
		assert.ErrorAs(t, err, &bounds, "%q", uri)
		assert.True(t, key.Secret.IsZero())
	}
}

// The writer against the readers: whatever the names, secret and settings
// arrive, names arrive cleaned, and cleaning twice is cleaning once.
func FuzzURI(f *testing.F) {
	for _, name := range []string{
		"Acme", "A&B", "M+S", "Acme&secret=JBSWY3DPEHPK3PXP&x", "Acme:bob", "%3A", "a\x00b", "\u202e", "\xff", "é  ü", "👩\u200d🍳",
	} {
		f.Add(name, "ann@example.com", byte(0))
		f.Add("Shop", name, byte(200))
	}
	all := kinds()
	secrets := make([]totp.Secret, len(all))
	for i, o := range all {
		secrets[i] = fromKey(f, rfcKey+rfcKey, o)
	}
	f.Fuzz(func(t *testing.T, issuer, account string, kind byte) {
		s := secrets[int(kind)%len(secrets)]
		key, err := totp.ParseURI(s.URI(issuer, account))
		require.NoError(t, err)
		requireClean(t, key.Issuer, issuer, 64)
		requireClean(t, key.Account, account, 128)
		requireReads(t, s.URI(issuer, account), s, key.Issuer, key.Account)
		requireReads(t, s.URI(key.Issuer, key.Account), s, key.Issuer, key.Account)
	})
}

// requireClean checks what is promised of a cleaned name, and that a name
// which needs no cleaning is left alone.
func requireClean(t *testing.T, cleaned, given string, max int) {
	t.Helper()
	require.LessOrEqual(t, len(cleaned), max)
	require.True(t, utf8.ValidString(cleaned))
	require.NotContains(t, cleaned, ":")
	require.NotContains(t, cleaned, "  ")
	require.Equal(t, strings.TrimSpace(cleaned), cleaned)
	plain := len(given) <= max
	for _, r := range given {
		plain = plain && r > ' ' && r < 0x7f && r != ':'
	}
	if plain {
		require.Equal(t, given, cleaned)
	}
}

// The reader never panics, and what it read is read again from what is written.
func FuzzParseURI(f *testing.F) {
	for _, seed := range []string{
		"otpauth://totp/Acme:ann?secret=" + rfcSecret + "&issuer=Acme&algorithm=SHA256&digits=8&period=60",
		"otpauth://totp/ann?secret=" + rfcSecret, "otpauth://totp/My%20Shop:%20ann?secret=" + rfcSecret + "&issuer=My+Shop",
		"otpauth://hotp/a?secret=" + rfcSecret, "otpauth://totp/a?secret=x&secret=y", "", "%", "otpauth://totp/%ff:%00?secret=" + rfcSecret,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		key, err := totp.ParseURI(uri)
		if err != nil {
			require.True(t, key.Secret.IsZero())
			return
		}
		requireReads(t, key.Secret.URI(key.Issuer, key.Account), key.Secret, key.Issuer, key.Account)
	})
}
