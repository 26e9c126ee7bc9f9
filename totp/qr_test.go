package totp_test

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pquerna/otp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// pictures are names and sizes that ask for small and large codes.
var pictures = []struct {
	issuer, account string
	pixels          int
}{
	{"Acme", "ann@example.com", 0},
	{"Acme", "ann@example.com", 256},
	{"Acme", "ann@example.com", 1001},
	{"Acme", "ann@example.com", 2048},
	{"", "a", 128},
	{"Café & Söhne + Co", "李 <li@example.com>", 300},
	{strings.Repeat("店", 21), strings.Repeat("é", 64), 640},
}

func width(pixels int) int {
	if pixels == 0 {
		return 320
	}
	return pixels
}

func drawQR(t *testing.T, s totp.Secret, issuer, account string, pixels int) ([]byte, image.Image) {
	t.Helper()
	encoded, err := s.QR(issuer, account, pixels)
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(encoded))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, width(pixels), width(pixels)), picture.Bounds())
	return encoded, picture
}

func isDark(picture image.Image, x, y int) bool {
	r, _, _, _ := picture.At(x, y).RGBA()
	return r == 0
}

// The picture has the asked size, a quiet zone of four modules, and between
// them the modules that the OTP library draws for the same URI.
func TestQRModules(t *testing.T) {
	s := fromKey(t, rfcKey, totp.Options{})
	for _, p := range pictures {
		_, picture := drawQR(t, s, p.issuer, p.account, p.pixels)
		key, err := otp.NewKeyFromURL(s.URI(p.issuer, p.account))
		require.NoError(t, err)
		// The peer refuses pictures smaller than the code: the first size it
		// accepts shows one module per pixel.
		var want image.Image
		modules := 21
		for ; modules <= 177; modules += 4 {
			if want, err = key.Image(modules, modules); err == nil {
				break
			}
		}
		require.NoError(t, err)

		pixels := width(p.pixels)
		scale := pixels / (modules + 8)
		margin := (pixels - scale*modules) / 2
		require.GreaterOrEqual(t, scale, 2)
		require.GreaterOrEqual(t, margin, 4*scale, "quiet zone")
		for y := range pixels {
			for x := range pixels {
				mx, my := x-margin, y-margin
				expected := mx >= 0 && my >= 0 && mx < scale*modules && my < scale*modules &&
					isDark(want, mx/scale, my/scale)
				if isDark(picture, x, y) != expected {
					t.Fatalf("%+v: pixel %d,%d", p, x, y)
				}
			}
		}
	}
}

// An independent scanner reads the URI back.
func TestQRScans(t *testing.T) {
	scanner, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("zbarimg is not on the PATH: install zbar-tools, continuous integration must scan the QR code")
		}
		t.Skip("zbarimg is not on the PATH: install zbar-tools to scan the QR code with an independent program")
	}
	for _, o := range []totp.Options{{}, {Algorithm: totp.SHA512, Digits: 8, Size: totp.MaxSize}} {
		s, err := totp.NewSecretWith(o)
		require.NoError(t, err)
		for _, p := range pictures {
			if o.Size != 0 && p.pixels == 128 {
				continue // too small for a key of 128 bytes
			}
			encoded, _ := drawQR(t, s, p.issuer, p.account, p.pixels)
			path := filepath.Join(t.TempDir(), "qr.png")
			require.NoError(t, os.WriteFile(path, encoded, 0o600))
			out, err := exec.Command(scanner, "--quiet", "--raw", path).Output()
			require.NoError(t, err, "%+v", p)
			assert.Equal(t, s.URI(p.issuer, p.account), strings.TrimSpace(string(out)))
		}
	}
}

func TestQRBounds(t *testing.T) {
	s := totp.NewSecret()
	var bounds *totp.BoundsError
	for _, pixels := range []int{-1, 1, 127, 2049, math.MaxInt, math.MinInt} {
		_, err := s.QR("Acme", "ann", pixels)
		require.ErrorAs(t, err, &bounds, "%d", pixels)
	}
	// Long names need more pixels; the error says how many, and they suffice.
	long := strings.Repeat("é", 64)
	_, err := s.QR(long, long, 128)
	require.ErrorAs(t, err, &bounds)
	assert.Equal(t, 128, bounds.Actual)
	require.Greater(t, bounds.Min, 128)
	_, err = s.QR(long, long, bounds.Min)
	assert.NoError(t, err)
	_, err = s.QR(long, long, bounds.Min-1)
	assert.Error(t, err)
}

// The default size shows the longest URI there is.
func TestQRDefaultFitsEverything(t *testing.T) {
	s, err := totp.NewSecretWith(totp.Options{Algorithm: totp.SHA512, Digits: 8, Period: totp.MaxPeriod, Size: totp.MaxSize})
	require.NoError(t, err)
	long := strings.Repeat("é", 1000)
	_, err = s.QR(long, long, 0)
	assert.NoError(t, err)
}
