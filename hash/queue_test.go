package hash

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func newWaiter(c Class) *waiter { return &waiter{class: c, ready: make(chan struct{})} }

// Whatever arrives, is served and gives up in whatever order: a class is in
// order of arrival, goes before lower ones unless they have waited for their
// turn, and is never passed over for longer than promised.
func TestQueueLaws(t *testing.T) {
	t.Parallel()
	most := [classes]int{Stranger: 3, Known: 3, Staff: 2}
	turn := [classes]int{Stranger: 3, Known: 2} // passes after which it may go before higher ones
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		var q queue
		var lines [classes][]*waiter
		var passed, served [classes]int
		weights := [classes]int{1 + random.IntN(9), 1 + random.IntN(9), 1 + random.IntN(9)}
		arrivals := 1 + random.IntN(9) // of ten
		for range 1000 {
			switch n := random.IntN(12); {
			case n < arrivals:
				c := Class(0)
				for i := random.IntN(weights[0] + weights[1] + weights[2]); i >= weights[c]; c++ {
					i -= weights[c]
				}
				w := newWaiter(c)
				q.push(w)
				lines[c] = append(lines[c], w)
			case n < 11:
				w := q.next()
				if w == nil {
					require.Zero(t, len(lines[0])+len(lines[1])+len(lines[2]))
					continue
				}
				require.Same(t, w, q.next(), "asking changes nothing")
				require.Same(t, lines[w.class][0], w, "order of arrival")
				for c := w.class + 1; c < classes; c++ {
					if len(lines[c]) > 0 {
						require.GreaterOrEqual(t, passed[w.class], turn[w.class], "%v before %v", w.class, c)
					}
				}
				q.serve(w)
				served[w.class]++
				for c := range lines {
					if len(lines[c]) > 0 {
						passed[c]++
						if Class(c) != w.class {
							require.LessOrEqual(t, passed[c], most[c], "%v passed over", Class(c))
						}
					}
				}
				lines[w.class] = lines[w.class][1:]
				passed[w.class] = 0
			default: // somebody gives up
				c := random.IntN(classes)
				if len(lines[c]) == 0 {
					continue
				}
				i := random.IntN(len(lines[c]))
				q.remove(lines[c][i])
				lines[c] = append(lines[c][:i:i], lines[c][i+1:]...)
				if len(lines[c]) == 0 {
					passed[c] = 0
				}
			}
			require.Equal(t, len(lines[0])+len(lines[1])+len(lines[2]), q.len())
		}
	}
}

// While all classes wait all the time, the shares are these.
func TestQueueShares(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		waiting []Class
		want    [classes]int
	}{
		{[]Class{Stranger}, [classes]int{1200, 0, 0}},
		{[]Class{Stranger, Known}, [classes]int{300, 900, 0}},
		{[]Class{Stranger, Staff}, [classes]int{300, 0, 900}},
		{[]Class{Known, Staff}, [classes]int{0, 400, 800}},
		{[]Class{Stranger, Known, Staff}, [classes]int{300, 300, 600}},
	} {
		var q queue
		var got [classes]int
		for _, c := range test.waiting {
			q.push(newWaiter(c))
		}
		for range 1200 {
			w := q.next()
			q.push(newWaiter(w.class)) // so that it never is the last
			q.serve(w)
			got[w.class]++
		}
		require.Equal(t, test.want, got, "%v", test.waiting)
	}
}

// ahead promises too much rather than too little, and no more than there are.
func TestQueueAhead(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 2))
		var q queue
		for range random.IntN(60) {
			q.push(newWaiter(Class(random.IntN(classes))))
			if random.IntN(3) == 0 {
				q.serve(q.next())
			}
		}
		for range random.IntN(40) {
			q.push(newWaiter(Class(seed % classes)))
		}
		class := Class(random.IntN(classes))
		promised, all := q.ahead(class), q.len()
		probe, served := newWaiter(class), 0
		q.push(probe)
		for w := q.next(); w != probe; w = q.next() {
			q.serve(w)
			served++
		}
		require.LessOrEqual(t, served, promised, "seed %d", seed)
		require.LessOrEqual(t, promised, all, "seed %d", seed)
	}
	var q queue
	for range 1000 {
		q.push(newWaiter(Stranger))
	}
	require.Equal(t, 1000, q.ahead(Stranger))
	require.Equal(t, 0, q.ahead(Known))
	require.Equal(t, 0, q.ahead(Staff))
	for range 6 {
		q.push(newWaiter(Known))
	}
	require.Equal(t, 1006, q.ahead(Stranger))
	require.Equal(t, 8, q.ahead(Known), "two strangers come between")
	require.Equal(t, 2, q.ahead(Staff))
}
