package train

import (
	"math"
	"sort"
)

// spearman is the weighted rank correlation that strength meters are judged
// by (Golla and Duermuth, "On the Accuracy of Password Strength Meters", CCS
// 2018). Ties share the middle of their ranks.
func spearman(truth, estimate, weight []float64) float64 {
	return pearson(ranks(truth, weight), ranks(estimate, weight), weight)
}

func ranks(x, weight []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return x[order[a]] < x[order[b]] })
	out := make([]float64, len(x))
	below := 0.0
	for i := 0; i < len(order); {
		j, tied := i, 0.0
		for ; j < len(order) && x[order[j]] == x[order[i]]; j++ {
			tied += weight[order[j]]
		}
		for _, k := range order[i:j] {
			out[k] = below + tied/2
		}
		below += tied
		i = j
	}
	return out
}

func pearson(x, y, weight []float64) float64 {
	var sum, mx, my, xy, xx, yy float64
	for i, w := range weight {
		sum += w
		mx += w * x[i]
		my += w * y[i]
	}
	mx, my = mx/sum, my/sum
	for i, w := range weight {
		a, b := x[i]-mx, y[i]-my
		xy, xx, yy = xy+w*a*b, xx+w*a*a, yy+w*b*b
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}
