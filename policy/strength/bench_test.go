package strength_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tillkey/tillkey/policy/strength"
)

func BenchmarkEstimate(b *testing.B) {
	for _, s := range []struct{ name, password string }{
		{"short", "monkey7"},
		{"typical", "Sommer2025!"},
		{"phrase", "winter harbor nine zebra"},
		{"generated", "kX9#mQ2$vL7!pR4z"},
	} {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				strength.Estimate(s.password)
			}
		})
	}
}

// BenchmarkPasswords gives the passwords of one core in a second: those that
// people chose at phpBB if STRENGTH_DATA is set, and else the samples.
func BenchmarkPasswords(b *testing.B) {
	passwords := samples
	if os.Getenv("STRENGTH_DATA") != "" {
		passwords = nil
		for _, line := range lines(b, "dev/phpbb.freq.tsv.gz") {
			_, password, _ := strings.Cut(line, "\t")
			passwords = append(passwords, password)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		strength.Estimate(passwords[i%len(passwords)])
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "passwords/s")
}

func BenchmarkEstimateAbout(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		strength.Estimate("Sommer-Tillkey-25", "maria.lopez@shop.example", "Maria Lopez", "Tillkey")
	}
}

func BenchmarkEstimateChange(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		strength.EstimateChange("Winter-Tillkey-24", "Sommer-Tillkey-25")
	}
}

func BenchmarkExplain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		strength.Explain("Sommer-Tillkey-25", "Tillkey")
	}
}

// hostile are the texts that keep the search longest busy.
var hostile = map[string]string{
	"a":         "a",
	"ab":        "ab",
	"leet":      "4@8({3[<6903!1|7$5+%2",
	"leetword":  "p@$$w0rd1!",
	"walk":      "qwertyuiop",
	"word":      "password",
	"words":     "correcthorsebatterystaple",
	"digits":    "19911991",
	"dates":     "1.1.91",
	"zxcvfr":    "zxcvfr",
	"ones":      "1",
	"mixed":     "k!1X9#mQ2$1vL7!pR4z|@l1i",
	"no script": "öäüß日本",
}

// BenchmarkHostile gives the worst that a text of a length costs.
func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{64, 256, 1000} {
		for name, unit := range hostile {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				password := string([]rune(strings.Repeat(unit, n))[:n])
				for b.Loop() {
					strength.Estimate(password, "Tillkey", "maria.lopez@shop.example")
				}
			})
		}
	}
}
