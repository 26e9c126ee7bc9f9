package train

import (
	"math"
	"sort"
	"strings"
)

// source is a leak to learn from, with a vote in the pool.
type source struct {
	rows  []Row
	total float64 // accounts
	vote  float64
}

// sources returns the leaks to learn from. A list whose name begins with
// without is left out, and with "rockyou" the counts that are taken from it. If
// pure is set, so are the mixes of many leaks.
func sources(d Data, without string, pure bool) []source {
	var all []source
	add := func(name string, rows []Row, total float64) {
		if without != "" && strings.HasPrefix(name, without) {
			return
		}
		if total == 0 {
			for _, r := range rows {
				total += r.Count
			}
		}
		all = append(all, source{rows, total, math.Sqrt(total)})
	}
	for _, name := range []string{"phpbb", "myspace", "singles", "faithwriters", "hak5"} {
		add(name, d.Leaks[name].Rows, 0)
	}
	if without != "rockyou" {
		add("rockyou", counted(d.Leaks["rockyou75"], d.Leaks["rockyou-offline"]), 32.6e6)
	}
	if pure {
		return all
	}
	add("pwdb100k", d.Leaks["pwdb100k"].Rows, 1e9/6) // its head is a sixth of a thousand million accounts
	add("xato100k", zipf(d.Leaks["xato100k"], 4e6), 1e7)
	return all
}

// counted gives the rows of a ranked list counts, from a sample that has them.
func counted(ranked, sample Leak) []Row {
	known := map[string]float64{}
	for _, r := range sample.Rows {
		known[r.Password] = r.Count
	}
	var ranks, counts []float64
	for i, r := range ranked.Rows {
		if c, ok := known[r.Password]; ok && c > 0 {
			if n := len(counts); n > 0 {
				c = min(c, counts[n-1])
			}
			ranks, counts = append(ranks, math.Log(float64(i+1))), append(counts, c)
		}
	}
	rows := make([]Row, len(ranked.Rows))
	for i, r := range ranked.Rows {
		rows[i] = Row{Password: r.Password, Count: between(ranks, counts, math.Log(float64(i+1)))}
	}
	return rows
}

// between interpolates the logarithm of y at x; without any y it is 1.
func between(xs, ys []float64, x float64) float64 {
	if len(xs) == 0 {
		return 1
	}
	i := sort.SearchFloat64s(xs, x)
	if i == 0 {
		return ys[0]
	}
	if i == len(xs) {
		return ys[i-1]
	}
	f := (x - xs[i-1]) / (xs[i] - xs[i-1])
	return math.Exp(math.Log(ys[i-1])*(1-f) + math.Log(ys[i])*f)
}

// zipf gives the rows of a ranked list counts that sum up to total, by the law
// of Zipf with the exponent 0.8.
func zipf(ranked Leak, total float64) []Row {
	sum := 0.0
	for i := range ranked.Rows {
		sum += math.Pow(float64(i+1), -0.8)
	}
	rows := make([]Row, len(ranked.Rows))
	for i, r := range ranked.Rows {
		rows[i] = Row{Password: r.Password, Count: total * math.Pow(float64(i+1), -0.8) / sum}
	}
	return rows
}
