package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// secret32 is the key of RFC 6238, appendix B, "12345678901234567890", whose
// eight-digit code at the 59th second of 1970 is 94287082.
const (
	secret32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	uri      = "otpauth://totp/Shop:ann?secret=" + secret32 + "&issuer=Shop&algorithm=SHA1&digits=8&period=30"
)

func TestTOTPCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input, flags, code string
	}{
		{secret32, "--digits 8", "94287082"},
		{secret32 + "\r\n", "", "287082"},
		{"gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n", "", "287082"},
		{uri, "", "94287082"},
		{"  " + strings.ToLower(uri[:8]) + uri[8:] + " \n", "--digits 6", "94287082"},
		{"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA", "--algorithm sha256 --digits 8", "46119246"},
	} {
		r := execute(t, c.input, append([]string{"totp", "code"}, strings.Fields(c.flags)...)...)
		require.Equal(t, result{exitFine, c.code + "\n", "for 1 s more\n"}, r)
	}
}

func TestTOTPVerify(t *testing.T) {
	t.Parallel()
	at := func(seconds int64) func(*program) {
		return func(p *program) { p.now = func() time.Time { return time.Unix(seconds, 0) } }
	}
	for _, c := range []struct {
		input, flags string
		now          int64
		want         result
	}{
		{uri + "\n94287082", "", 59, result{exitFine, "match\n", ""}},
		{uri + "\r\n9428 7082\r\n", "", 59, result{exitFine, "match\n", ""}},
		{secret32 + "\n287082\n", "", 59, result{exitFine, "match\n", ""}},
		{uri + "\n94287082", "", 89, result{exitFine, "match\n", ""}},
		{uri + "\n94287082", "", 29, result{exitFine, "match\n", ""}},
		{uri + "\n94287082", "--past 0", 89, result{exitWeak, "no match\n", ""}},
		{uri + "\n94287082", "--future 0", 29, result{exitWeak, "no match\n", ""}},
		{uri + "\n94287083", "", 59, result{exitWeak, "no match\n", ""}},
		{uri + "\n", "", 59, result{exitUsage, "", "2 lines"}},
		{uri + "\n\n", "", 59, result{exitWeak, "no match\n", ""}},
		{uri + "\nletters", "", 59, result{exitWeak, "no match\n", ""}},
	} {
		r := executeWith(t, at(c.now), c.input, append([]string{"totp", "verify"}, strings.Fields(c.flags)...)...)
		require.Equal(t, c.want.code, r.code, r.stderr)
		require.Equal(t, c.want.stdout, r.stdout)
		require.Contains(t, r.stderr, c.want.stderr)
	}
}

func TestTOTPRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input, command string
		code           int
		message        string
	}{
		{"hunter2hunter2!", "totp code", exitFailed, "unreadable"},
		{"otpauth://totp/hunter2hunter2", "totp code", exitFailed, "16 to 128"},
		{"JBSWY3DPEHPK3PXP", "totp code", exitFailed, "16 to 128"}, // ten bytes
		{strings.Repeat("A", 1<<20), "totp code", exitFailed, ""},
		{"", "totp code", exitFailed, ""},
		{secret32, "totp code --digits 9", exitFailed, "6 to 8"},
		{secret32, "totp code --algorithm md5", exitUsage, "--algorithm takes"},
		{secret32, "totp code --period hunter2", exitUsage, "the value of --period cannot be read"},
		{secret32, "totp verify --past 11", exitUsage, "--past and --future take 0 to 10"},
		{secret32, "totp uri --issuer Shop", exitUsage, "--issuer and --account are needed"},
		{secret32, "totp qr --account ann", exitUsage, "--issuer and --account are needed"},
		{uri, "totp qr --size 4", exitFailed, "pixels"},
		{"", "totp uri --new --algorithm md5", exitUsage, "--algorithm takes"},
	} {
		r := execute(t, c.input, strings.Fields(c.command)...)
		require.Equal(t, c.code, r.code, c.command)
		require.Contains(t, r.stderr, c.message, c.command)
		require.NotContains(t, r.stderr, "hunter2")
		require.Empty(t, r.stdout)
	}
}

func TestTOTPURI(t *testing.T) {
	t.Parallel()
	show := func(input string, args ...string) result {
		return executeOpenly(t, nil, input, append([]string{"totp", "uri"}, args...)...)
	}
	want := strings.Replace(uri, "digits=8", "digits=6", 1) + "\n"
	require.Equal(t, result{exitFine, want, ""}, show(secret32, "--issuer", "Shop", "--account", "ann"))
	require.Equal(t, result{exitFine, uri + "\n", ""}, show(uri))
	require.Equal(t, result{exitFine, strings.ReplaceAll(uri, "Shop", "A%26B") + "\n", ""}, show(uri, "--issuer", "A&B"))

	r := show("", "--new", "--issuer", "Shop", "--account", "ann", "--digits", "7", "--algorithm", "SHA512", "--period", "60s")
	require.Equal(t, exitFine, r.code)
	key, err := totp.ParseURI(strings.TrimSpace(r.stdout))
	require.NoError(t, err)
	require.Equal(t, []any{"Shop", "ann", 7, totp.SHA512, time.Minute},
		[]any{key.Issuer, key.Account, key.Secret.Digits(), key.Secret.Algorithm(), key.Secret.Period()})
	require.NotEqual(t, r.stdout, show("", "--new", "--issuer", "Shop", "--account", "ann").stdout)
}

func TestTOTPQR(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "code.png")
	r := execute(t, uri, "totp", "qr", "-o", path, "--size", "500")
	require.Equal(t, result{}, r)
	picture, err := os.ReadFile(path)
	require.NoError(t, err)
	decoded, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	require.Equal(t, 500, decoded.Bounds().Dx())
	requireMode(t, path)

	r = execute(t, uri, "totp", "qr", "-o", path)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "the file exists and is not replaced")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, picture, after)

	// The block characters show the modules of the picture.
	r = execute(t, uri, "totp", "qr")
	require.Equal(t, exitFine, r.code)
	rows := strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n")
	m := measure(decoded)
	require.Equal(t, 1, m.modules%4, "a QR code has 17 + 4 times its version modules a side")
	require.Len(t, rows, (m.modules+2*quietModules+1)/2)
	upper, lower := "▀█", "▄█"
	for y, row := range rows {
		for x, sign := range []rune(row) {
			require.Equal(t, m.dark(x, 2*y), strings.ContainsRune(upper, sign))
			require.Equal(t, m.dark(x, 2*y+1), strings.ContainsRune(lower, sign))
		}
	}
	// Dark corners of the three finder patterns, light ones around.
	last := quietModules + m.modules - 1
	require.True(t, m.dark(quietModules, quietModules))
	require.True(t, m.dark(last, quietModules))
	require.True(t, m.dark(quietModules, last))
	require.False(t, m.dark(quietModules-1, quietModules))
	require.False(t, m.dark(last+1, quietModules))
}

func TestQRTextColours(t *testing.T) {
	t.Parallel()
	key, err := totp.ParseURI(uri)
	require.NoError(t, err)
	picture, err := key.Secret.QR("Shop", "ann", 0)
	require.NoError(t, err)
	without, err := qrText(picture, false)
	require.NoError(t, err)
	with, err := qrText(picture, true)
	require.NoError(t, err)
	for row := range strings.Lines(with) {
		require.True(t, strings.HasPrefix(row, blackOnWhite))
		require.True(t, strings.HasSuffix(row, plainColours+"\n"))
	}
	require.Equal(t, without, strings.NewReplacer(blackOnWhite, "", plainColours, "").Replace(with))
	_, err = qrText([]byte("no picture"), false)
	require.Error(t, err)
}
