package generate

import "math"

// doubt is the chance that New is wrong about the share of passwords that the
// policy accepts.
const doubt = 1e-9

// atLeast returns the smallest share p with which k or more of n draws are
// accepted with a chance of doubt: what is known of the true share after k of n
// were. It is the lower bound of Clopper and Pearson (Biometrika 26, 1934).
func atLeast(k, n int) float64 {
	if k == 0 {
		return 0
	}
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		if tail(k, n, middle) < doubt {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// tail returns the chance of k or more hits in n draws of chance p.
func tail(k, n int, p float64) float64 {
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(choose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// choose returns the logarithm of n over k.
func choose(n, k int) float64 {
	log := func(x int) float64 {
		g, _ := math.Lgamma(float64(x + 1))
		return g
	}
	return log(n) - log(k) - log(n-k)
}
