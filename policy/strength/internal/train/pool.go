package train

import (
	"sort"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

const (
	mostSigns = 24   // of a listed text
	household = 1000 // passwords that are called so whatever else they are
)

// pooled is a listed text.
type pooled struct {
	chance float64
	kind   tables.Kind
}

// pool joins the leaks, each by its vote, to the probabilities of the most
// common passwords, and adds the words.
func pool(all []source, words []Words, most int) map[string]pooled {
	chances, votes := map[string]float64{}, 0.0
	for _, s := range all {
		votes += s.vote
	}
	for _, s := range all {
		for _, r := range s.rows {
			if r.Count > 1 || s.total < 20000 { // what one account uses says little
				low := string(guess.Fold(r.Password))
				chances[low] += s.vote / votes * r.Count / s.total
			}
		}
	}
	texts := make([]string, 0, len(chances))
	for text := range chances {
		texts = append(texts, text)
	}
	sort.Slice(texts, func(i, j int) bool {
		a, b := texts[i], texts[j]
		return chances[a] > chances[b] || chances[a] == chances[b] && a < b
	})
	out := map[string]pooled{}
	top := map[string]bool{}
	for i, text := range texts[:min(most, len(texts))] {
		if len([]rune(text)) <= mostSigns {
			out[text] = pooled{chances[text], tables.Password}
		}
		top[text] = i < household
	}
	for _, w := range words {
		for i, text := range w.Texts {
			low := guess.Fold(text)
			if len(low) < 3 || len(low) > mostSigns {
				continue
			}
			chance := w.chance(i)
			known, ok := out[string(low)]
			if !top[string(low)] && (!ok || known.chance < chance || known.kind == tables.Password) {
				out[string(low)] = pooled{max(known.chance, chance), w.Kind}
			}
		}
	}
	return out
}
