package totp_test

import (
	"testing"

	"github.com/tillkey/tillkey/totp"
)

func BenchmarkCode(b *testing.B) {
	for _, a := range []totp.Algorithm{totp.SHA1, totp.SHA256, totp.SHA512} {
		b.Run(a.String(), func(b *testing.B) {
			s := fromKey(b, rfcKey, totp.Options{Algorithm: a})
			b.ReportAllocs()
			for b.Loop() {
				s.Code(noon)
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	s := fromKey(b, rfcKey, totp.Options{})
	code := s.Code(noon)
	for name, c := range map[string]struct {
		code string
		w    totp.Window
	}{
		"now":     {code, totp.Window{}},
		"3 steps": {code, totp.Window{Past: 1, Future: 1}},
		"wrong":   {"abcdef", totp.Window{Past: 1, Future: 1}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Verify(c.code, noon, -1, c.w)
			}
		})
	}
}

func BenchmarkMatchRecovery(b *testing.B) {
	codes, err := totp.NewRecoveryCodes(0)
	if err != nil {
		b.Fatal(err)
	}
	stored := sums(codes)
	b.ReportAllocs()
	for b.Loop() {
		totp.MatchRecovery(stored, codes[9])
	}
}

func BenchmarkQR(b *testing.B) {
	s := totp.NewSecret()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.QR("Corner Shop", "ann@example.com", 0); err != nil {
			b.Fatal(err)
		}
	}
}
