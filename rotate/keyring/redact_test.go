package keyring_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// traces are the ways in which a secret of 32 times 0xc3 might show, or what a ring
// of the realm "shop" derives from it.
func traces(t *testing.T) []string {
	t.Helper()
	secret := bytes.Repeat([]byte{0xc3}, 32)
	prk, err := hkdf.Extract(sha256.New, secret, nil)
	require.NoError(t, err)
	info := "\x00\x00\x00\x0ftillkey keyring\x00\x00\x00\x011\x00\x00\x00\x04shop\x00\x00\x00\x04seal"
	sealKey, err := hkdf.Expand(sha256.New, prk, info, 32)
	require.NoError(t, err)

	var all []string
	for _, b := range [][]byte{secret[:4], prk[:4], sealKey[:4]} {
		decimal := strings.Trim(fmt.Sprint(b), "[]")
		all = append(all, string(b), decimal,
			strings.ReplaceAll(decimal, " ", ","), strings.ReplaceAll(decimal, " ", ", "),
			hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
			fmt.Sprintf("%x %x", b[0], b[1]), fmt.Sprintf("%#x, %#x", b[0], b[1]), fmt.Sprintf("%#x %#x", b[0], b[1]),
			fmt.Sprintf("%o %o", b[0], b[1]), fmt.Sprintf("%b %b", b[0], b[1]), fmt.Sprintf("%U %U", b[0], b[1]),
			fmt.Sprintf("%q", b)[1:9], base64.RawURLEncoding.EncodeToString(b)[:5], base64.RawStdEncoding.EncodeToString(b)[:5])
	}
	return all
}

func TestSecretsNeverPrint(t *testing.T) {
	k := fixedKey(t, "kaaaaaaaa", 0xc3)
	ring := newRing(t, "shop", k)

	values := map[string]any{
		"key":            k,
		"key pointer":    &k,
		"key slice":      []keyring.Key{k},
		"key in a field": struct{ K keyring.Key }{k},
		"key in a hidden field": struct {
			k keyring.Key
			p *keyring.Key
		}{k, &k},
		"ring":                  ring,
		"ring value":            *ring,
		"ring in a field":       struct{ R *keyring.Ring }{ring},
		"ring value in a field": struct{ R keyring.Ring }{*ring},
		"ring in a hidden field": struct {
			r *keyring.Ring
			v keyring.Ring
		}{ring, *ring},
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{
				"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%b", "%o", "%c", "%U", "%t", "%e", "%g", "%p", "%w", "%z", "%T", "%10.3v",
			} {
				assertNoTrace(t, verb, fmt.Sprintf(verb, value))
			}
			for _, mistake := range []string{"no verb", "%!", "%*d", "%[2]d", "%w %w"} {
				assertNoTrace(t, mistake, fmt.Sprintf(mistake, value))
				assertNoTrace(t, mistake, fmt.Errorf(mistake, value).Error())
			}
			assertNoTrace(t, "Sprint", fmt.Sprint(value))

			text, err := json.Marshal(value)
			require.NoError(t, err)
			assertNoTrace(t, "JSON", string(text))

			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", value)
			slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "value", value)
			slog.New(slog.NewTextHandler(&log, nil)).Info("group", slog.Group("group", slog.Any("value", value)))
			require.Equal(t, 3, strings.Count(log.String(), "\n"))
			assertNoTrace(t, "slog", log.String())
		})
	}
}

func assertNoTrace(t *testing.T, how, printed string) {
	t.Helper()
	for _, trace := range traces(t) {
		assert.NotContains(t, printed, trace, "%s shows the secret", how)
	}
}

func TestKeysAndRingsPrintTheirIDs(t *testing.T) {
	k := fixedKey(t, "kaaaaaaaa", 0xc3)
	ring := newRing(t, "shop", fixedKey(t, "kbbbbbbbb", 1), k)
	const ringText = `keyring.Ring("shop" kaaaaaaaa kbbbbbbbb)`
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.Equal(t, "keyring.Key(kaaaaaaaa)", fmt.Sprintf(verb, k))
		assert.Equal(t, "keyring.Key(invalid)", fmt.Sprintf(verb, keyring.Key{ID: "secret"}))
		assert.Equal(t, ringText, fmt.Sprintf(verb, ring))
		assert.Equal(t, ringText, fmt.Sprintf(verb, *ring))
	}
	assert.Equal(t, "keyring.Key(kaaaaaaaa)", k.String())
	assert.Equal(t, "keyring.Key(kaaaaaaaa)", k.GoString())
	assert.Equal(t, "keyring.Key(kaaaaaaaa)", k.LogValue().String())
	assert.Equal(t, ringText, ring.String())
	assert.Equal(t, ringText, ring.GoString())
	assert.Equal(t, ringText, ring.LogValue().String())
	text, err := json.Marshal(map[string]any{"k": k, "r": ring})
	require.NoError(t, err)
	assert.JSONEq(t, `{"k":"keyring.Key(kaaaaaaaa)","r":"keyring.Ring(\"shop\" kaaaaaaaa kbbbbbbbb)"}`, string(text))
}

func TestErrorsHoldNoSecret(t *testing.T) {
	k := fixedKey(t, "kaaaaaaaa", 0xc3)
	text := k.Reveal()
	ring := newRing(t, "shop", k)
	c := keyring.Context{Purpose: "test"}
	renamed := k
	renamed.ID = "kbbbbbbbb"
	badID := k
	badID.ID = text

	errs := map[string]error{}
	_, errs["ParseKey with a tail"] = keyring.ParseKey(text + "x")
	_, errs["ParseKey without a prefix"] = keyring.ParseKey(text[len("tillkey-key-v1:"):])
	_, errs["Parse"] = keyring.Parse("shop", text+" "+text)
	_, errs["Parse twice"] = keyring.Parse("shop", text+"\n"+text)
	_, errs["New with one secret twice"] = keyring.New("shop", k, renamed)
	_, errs["New with a key text as id"] = keyring.New("shop", badID)
	_, errs["New with a long realm"] = keyring.New(strings.Repeat(text, 10), k)
	_, errs["Seal under a key text"] = ring.Seal(text, c, []byte("x"))
	_, errs["MAC under a key text"] = ring.MAC(text, "p", nil)
	_, errs["Open of a key text"] = ring.Open(c, text)
	_, errs["Open of a key text as id"] = ring.Open(c, "tk1."+text+".AAAA")
	_, errs["KeyID of a key text"] = keyring.KeyID(text)
	for name, err := range errs {
		require.Error(t, err, name)
		assert.True(t, strings.HasPrefix(err.Error(), "keyring: "), name)
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%x"} {
			assertNoTrace(t, name, fmt.Sprintf(verb, err))
		}
	}
	var missing *keyring.MissingKeyError
	require.ErrorAs(t, errs["Seal under a key text"], &missing)
	assert.Empty(t, missing.ID)
}
