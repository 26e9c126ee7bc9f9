package text_test

import (
	"testing"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/text"
)

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.New("de-AT,de;q=0.9,en;q=0.8")
	}
}

func BenchmarkProblem(b *testing.B) {
	texts, p := text.New("pl"), policy.NewProblem(policy.TooShort, map[string]any{"min": 15})
	b.ReportAllocs()
	for b.Loop() {
		texts.Problem(p)
	}
}
