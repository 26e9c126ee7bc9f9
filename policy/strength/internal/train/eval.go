package train

import (
	"fmt"
	"io"
	"math"
	"sort"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// weightings are the three ways to weigh the passwords of a set: by accounts,
// by their logarithm, each once.
var weightings = [3]string{"accounts", "log2(1+accounts)", "each once"}

// trial is a set to judge by, and the leak that is held out for it. peer is
// what trustelem/zxcvbn v1.0.1 reaches, measured with strengthbench.
type trial struct {
	set, without string
	peer         [3]float64
}

func trials() []trial {
	return []trial{
		{"phpbb", "phpbb", [3]float64{.735, .524, .460}},
		{"pwdb100k", "pwdb100k", [3]float64{.739, .406, .385}},
		{"rockyou-offline", "rockyou", [3]float64{.772, .787, .746}},
		{"rockyou-online", "rockyou", [3]float64{.818, .735, .715}},
	}
}

// judged returns the rows of a set that are judged: of a leak with counts
// those that four accounts or more use, at most 10 000.
func judged(l Leak) []Row {
	rows := append([]Row(nil), l.Rows...)
	if rows[0].Strength != -rows[0].Count {
		return rows
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Count > rows[j].Count })
	n := 0
	for n < len(rows) && n < 10000 && rows[n].Count >= 4 {
		n++
	}
	return rows[:n]
}

// correlations are the three of a set with the scores of its rows.
func correlations(rows []Row, scores []float64) (out [3]float64) {
	truth, weight := make([]float64, len(rows)), make([]float64, len(rows))
	for w := range weightings {
		for i, r := range rows {
			truth[i] = r.Strength
			weight[i] = [3]float64{r.Count, math.Log2(1 + r.Count), 1}[w]
		}
		out[w] = spearman(truth, scores, weight)
	}
	return out
}

// heldOut trains once for each leak that is held out, with the curve that the
// tables without RockYou give.
func heldOut(d Data, o Options) (map[string]tables.Tables, error) {
	models, all := map[string]*Model{}, map[string]tables.Tables{}
	for _, t := range trials() {
		if models[t.without] == nil {
			o.Without = t.without
			models[t.without] = Train(d, o)
		}
	}
	plain, err := models["rockyou"].Tables()
	if err != nil {
		return nil, err
	}
	knots := curve(d, plain)
	for without, m := range models {
		m.contents.Curve = knots
		if all[without], err = m.Tables(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Evaluate trains once for each leak that is held out, and writes how well the
// tables judge it. It does so twice: with the mixes of many leaks, which hold
// parts of the leak that is held out, and without them.
func Evaluate(w io.Writer, d Data, o Options) error {
	for _, pure := range []bool{false, true} {
		o.Pure = pure
		fmt.Fprintln(w, map[bool]string{false: "trained with the mixes of many leaks", true: "\ntrained without the mixes"}[pure])
		if err := evaluate(w, d, o); err != nil {
			return err
		}
	}
	return nil
}

func evaluate(w io.Writer, d Data, o Options) error {
	trained, err := heldOut(d, o)
	if err != nil {
		return err
	}
	sum, peers := [3]float64{}, [3]float64{}
	fmt.Fprintf(w, "%-16s %6s  %-18s %9s %9s\n", "set, held out", "rows", "weights", "strength", "trustelem")
	for _, t := range trials() {
		rows := judged(d.Leaks[t.set])
		scores := make([]float64, len(rows))
		for i, r := range rows {
			scores[i] = float64(guess.Rate(trained[t.without], guess.Question{Password: r.Password}))
		}
		for i, c := range correlations(rows, scores) {
			sum[i] += c
			peers[i] += t.peer[i]
			fmt.Fprintf(w, "%-16s %6d  %-18s %9.3f %9.3f %+7.3f\n", t.set, len(rows), weightings[i], c, t.peer[i], c-t.peer[i])
		}
	}
	n := float64(len(trials()))
	for i, name := range weightings {
		fmt.Fprintf(w, "%-16s %6s  %-18s %9.3f %9.3f %+7.3f\n", "mean", "", name, sum[i]/n, peers[i]/n, (sum[i]-peers[i])/n)
	}
	siteName(w, d.Leaks["phpbb"], trained["phpbb"])
	guessNumbers(w, d.Leaks["rockyou-offline"], trained["rockyou"])
	return nil
}
