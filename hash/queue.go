package hash

import "container/list"

// patience is how often in a row a class that waits is passed over for others
// before it goes first. It is a compromise: staff and known callers, who are
// few, hardly wait, and a shop where everybody changes the password at once
// still signs in new visitors.
func (c Class) patience() int { return [classes]int{Stranger: 3, Known: 2, Staff: 0}[c] }

// queue is the calls that wait. Within a class they are in order of arrival.
// Between classes, staff goes before known callers, and these before strangers,
// but a class that was passed over as often as its patience lasts goes first,
// strangers before known callers. So, whatever arrives in whatever order:
//
//   - while a class waits, it is passed over at most three times in a row, staff
//     at most twice: it gets at least a quarter of the permits, staff a third;
//   - strangers who wait are served before a caller of another class at most
//     once for every three permits of others;
//   - whoever is next stays next until it is served, unless a call of a higher
//     class arrives, and that happens at most three times. A call that needs
//     much memory is not overtaken for ever by calls that need little.
type queue struct {
	lines [classes]line
}

// line is the calls of one class.
type line struct {
	waiting list.List // of *waiter, in order of arrival
	passed  int       // calls of other classes served in a row while some waited here
}

type waiter struct {
	class Class
	bytes int64
	ready chan struct{} // closed when the permit is given
	place *list.Element
}

func (q *queue) len() (n int) {
	for c := range q.lines {
		n += q.lines[c].waiting.Len()
	}
	return n
}

func (q *queue) push(w *waiter) { w.place = q.lines[w.class].waiting.PushBack(w) }

// next returns the call to be served next, nil if none waits.
func (q *queue) next() *waiter {
	var best *line
	for c := range Class(classes) {
		l := &q.lines[c]
		if l.waiting.Len() == 0 {
			continue
		}
		best = l
		if l.passed >= c.patience() {
			break
		}
	}
	if best == nil {
		return nil
	}
	return best.waiting.Front().Value.(*waiter)
}

// serve takes out a call that next returned.
func (q *queue) serve(w *waiter) {
	for c := range q.lines {
		if q.lines[c].waiting.Len() > 0 {
			q.lines[c].passed++
		}
	}
	q.lines[w.class].passed = 0
	q.remove(w)
}

// remove takes out any call.
func (q *queue) remove(w *waiter) {
	l := &q.lines[w.class]
	l.waiting.Remove(w.place)
	if l.waiting.Len() == 0 {
		l.passed = 0
	}
}

// ahead returns how many of the calls that wait are served before a further one
// of a class, at most.
func (q *queue) ahead(class Class) int {
	waiting := func(c Class) int { return q.lines[c].waiting.Len() }
	overtaken := func(c Class, others int) int { // by calls of c, while so many others are served
		return min(waiting(c), (others+q.lines[c].passed)/c.patience())
	}
	own := waiting(class)
	switch class {
	case Staff:
		strangers := overtaken(Stranger, own+waiting(Known))
		known := overtaken(Known, own+waiting(Stranger))
		return own + min(strangers+known, 2*(own+1))
	case Known:
		staff := min(waiting(Staff), 3*(own+1))
		return own + staff + overtaken(Stranger, own+staff)
	}
	return own + min(waiting(Known)+waiting(Staff), 3*(own+1))
}
