package totp_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// printed returns value in every way a program may print, log or encode it.
func printed(t *testing.T, value any) []string {
	t.Helper()
	var all []string
	for _, verb := range "vTtbcdoOqxXUeEfFgGspw" {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "40", ".3"} {
			all = append(all, fmt.Sprintf("%"+flags+string(verb), value))
		}
	}
	all = append(all, fmt.Sprint(value), fmt.Sprintln(value), fmt.Errorf("failed: %v", value).Error())

	text, err := json.Marshal(value)
	require.NoError(t, err)
	all = append(all, string(text))
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "value", value)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "value", value)
	return append(all, log.String())
}

func requireNoLeak(t *testing.T, value any, secrets ...string) {
	t.Helper()
	for _, text := range printed(t, value) {
		for _, secret := range secrets {
			require.NotContains(t, strings.ToLower(text), strings.ToLower(secret), "%T", value)
		}
	}
}

func TestSecretRedactsItself(t *testing.T) {
	const key = "tillkey-redaction-20"
	s := fromKey(t, key, totp.Options{})
	leaks := []string{
		"tillkey", hex.EncodeToString([]byte(key))[:12], s.Reveal()[:9], strings.ReplaceAll(s.Reveal(), " ", "")[:9],
		"116 105 108", "0x74, 0x69", // as a list of bytes
	}
	type private struct{ secret totp.Secret }
	type public struct{ Secret totp.Secret }
	for _, value := range []any{
		s, &s, []totp.Secret{s}, map[string]totp.Secret{"k": s}, public{s}, &public{s}, private{s}, &private{s},
		[]private{{s}}, totp.Key{Secret: s, Issuer: "Shop"}, &totp.Key{Secret: s},
	} {
		requireNoLeak(t, value, leaks...)
	}
	require.Equal(t, "totp.Secret(redacted)", s.String())
	require.Equal(t, s.String(), fmt.Sprintf("%#v", s))
	require.Equal(t, s.String(), s.GoString())
	require.Equal(t, s.String(), totp.Secret{}.String(), "zero or not is not told either")

	text, err := xml.Marshal(public{s})
	require.NoError(t, err)
	require.NotContains(t, string(text), "tillkey")
}

func TestRedactedSecretCannotBeReadBack(t *testing.T) {
	text, err := json.Marshal(totp.NewSecret())
	require.NoError(t, err)
	var s totp.Secret
	//lint:ignore SA9005 that nothing can be read back is the point
	require.Error(t, json.Unmarshal(text, &s))
	require.True(t, s.IsZero())
}

func TestRecoveryCodeRedactsItself(t *testing.T) {
	code, err := totp.ParseRecoveryCode("TEST-C0DE-F0R-REDACT10N-XYZW")
	require.NoError(t, err)
	leaks := []string{"redact10n", "test-c0de", "testc0de", hex.EncodeToString([]byte("TESTC0DE")), "84 69 83", "0x54, 0x45"}
	type private struct{ code totp.RecoveryCode }
	type public struct{ Code totp.RecoveryCode }
	for _, value := range []any{
		code, &code, []totp.RecoveryCode{code}, public{code}, &public{code}, private{code}, &private{code},
	} {
		requireNoLeak(t, value, leaks...)
	}
	require.Equal(t, "totp.RecoveryCode(redacted)", code.String())
	require.Equal(t, code.String(), code.GoString())
	text, err := xml.Marshal(public{code})
	require.NoError(t, err)
	require.NotContains(t, string(text), "REDACT10N")
}

// What could not be read may be a secret with a typing error: no error
// repeats it.
func TestErrorsRepeatNothing(t *testing.T) {
	const body = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX"
	var s totp.Secret
	for name, try := range map[string]func() error{
		"text":       func() error { _, err := totp.ParseSecret(body + "!"); return err },
		"short":      func() error { _, err := totp.ParseSecret(body[:16]); return err },
		"odd":        func() error { _, err := totp.ParseSecret(body + "AA"); return err },
		"uri scheme": func() error { _, err := totp.ParseURI(":" + body); return err },
		"uri escape": func() error { _, err := totp.ParseURI("otpauth://totp/a?secret=" + body + "%zz"); return err },
		"uri twice":  func() error { _, err := totp.ParseURI("otpauth://totp/a?" + body + "&" + body); return err },
		"uri digits": func() error { _, err := totp.ParseURI("otpauth://totp/a?digits=" + body); return err },
		"uri host":   func() error { _, err := totp.ParseURI("otpauth://" + body + "%20/a"); return err },
		"binary":     func() error { return s.UnmarshalBinary([]byte(body)) },
		"recovery":   func() error { _, err := totp.ParseRecoveryCode(body); return err },
	} {
		err := try()
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), body[:6], name)
	}
}
