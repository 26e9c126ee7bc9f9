package shopspec

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// maxGuesses is how many wrong passwords or codes in a row there may be
// (NIST SP 800-63B-4, 3.2.2), and one more.
const maxGuesses = 101

// locked is an account at which guesses have to wait.
type locked struct {
	// looked is how many wrong passwords or codes were denied before the first
	// had to wait, and first how long that one had to.
	looked int
	first  time.Duration
	// last is the answer that says how long to wait now.
	last Answer
}

// most is how many of several guesses at once may be looked at, if they take so
// long: those one after the other, and one each time the first wait is over.
func (l locked) most(took time.Duration) int {
	if l.first <= 0 {
		return l.looked
	}
	return l.looked + int(took/l.first)
}

// longWait is a wait during which a scenario can look around on any machine.
const longWait = time.Minute

// lock guesses at an account until guesses have to wait for long. Each comes
// from another visitor.
func (p *play) lock(at int, email string) (l locked) {
	for range maxGuesses {
		a := p.guess(at, email)
		if p.isOver() {
			return l
		}
		if a.Outcome == Wait {
			p.check("who has to wait is told how long", a.RetryAfter() > 0, "a Retry-After header", "none", a)
			p.check("who has to wait is told so by the status", a.Status == 429, "429", a.String(), a)
			l.first, l.last = a.RetryAfter(), a
			p.lockLonger(at, email, &l)
			return l
		}
		if !p.must("a wrong password is denied", a, Denied) {
			return l
		}
		l.looked++
	}
	p.check("wrong passwords make guesses wait", false, "429 after at most 100", "no end of guesses", Answer{Request: describe(SignIn)})
	p.end()
	return l
}

// maxWaits bounds how often a wait is waited for: from a second, doubling, to
// far more than longWait.
const maxWaits = 12

// lockLonger guesses on after each wait where waits begin short, so that no
// scenario is too slow for one.
func (p *play) lockLonger(at int, email string, l *locked) {
	if !WithClock.met(p.shop) {
		return
	}
	for range maxWaits {
		if p.isOver() || l.last.RetryAfter() >= longWait {
			return
		}
		p.advance(l.last.RetryAfter())
		if a := p.guess(at, email); a.Outcome == Wait {
			l.last = a
		}
	}
}

func lockout(p *play) {
	c, other := p.customer(), p.customer()
	l := p.lock(0, c.email)
	p.note("%d wrong passwords were looked at, then wait %v", l.looked, l.first)
	v := p.visitor()
	right := Fields{Email: c.email, Password: c.password}
	p.want("the right password has to wait, too", v.do(SignIn, right), Wait)
	p.want("nobody is signed in meanwhile", v.do(Page, nil), Denied)
	p.want("another customer is not concerned", p.visitor().do(SignIn, Fields{Email: other.email, Password: other.password}), Passed)
	p.advance(l.last.RetryAfter() + time.Second)
	p.want("time frees the account", v.do(SignIn, right), Passed)
	p.want("who was freed is signed in", v.do(Page, nil), Passed)
}

// maxSteps is how many wrong passwords two names are compared over: past the
// tenth, after which PCI DSS 4.0.1, 8.3.4 wants a lock, and past waits that grow
// from a second to longWait.
const maxSteps = 20

// waitSlack is how far two waits may differ while time goes by; more on a machine
// that takes longer for the answers.
const waitSlack = 2 * time.Second

// pair is an account and two names of nobody, at which the same is done. What
// differs between the latter differs every time.
type pair struct {
	p     *play
	names [3]customer
	took  [2][]time.Duration // of denials, for the account and for nobody
}

// guess makes a wrong guess at each, and checks that the answers are alike.
func (q *pair) guess() (account, nobody Answer) {
	var twins [3]twin
	all := time.Now()
	for i, name := range q.names {
		began := time.Now()
		a := q.p.guess(0, name.email)
		if a.Outcome == Denied && i < len(q.took) {
			q.took[i] = append(q.took[i], time.Since(began))
		}
		twins[i] = twin{a, []string{name.email}}
	}
	slack := max(waitSlack, time.Since(all))
	account, nobody = twins[0].Answer, twins[1].Answer
	what := "a wrong password is answered alike for accounts and for nobody"
	if account.Outcome == Wait || nobody.Outcome == Wait {
		what = "a wait is answered alike for accounts and for nobody"
	}
	if lapsed(account, nobody, slack) || lapsed(nobody, account, slack) {
		return account, nobody
	}
	d := differ(twins[0], twins[1], twins[2], slack)
	q.p.check(what, d == "", "the same answer", d, account)
	return account, nobody
}

// lapsed tells whether one has to wait so shortly that the other's wait may be
// over by now. Waits grow, so a longer one tells.
func lapsed(waits, denied Answer, slack time.Duration) bool {
	return waits.Outcome == Wait && denied.Outcome == Denied && waits.RetryAfter() <= slack
}

func unknownAddress(p *play) {
	q := &pair{p: p, names: [3]customer{p.customer(), p.fresh(), p.fresh()}}
	waits := 0
	for i := range maxSteps {
		a, b := q.guess()
		if i == 0 {
			p.must("a wrong password is denied", a, Denied)
		}
		if p.isOver() {
			return
		}
		if a.Outcome == Wait && b.Outcome == Wait {
			waits++
		}
		wait := max(a.RetryAfter(), b.RetryAfter())
		if waits > 0 && (wait >= longWait || waits > 3 && !WithClock.met(p.shop)) {
			q.guess() // while they have to wait
			break
		}
		if wait > 0 && WithClock.met(p.shop) {
			// Until it is over for both, so that the next guess is looked at.
			p.advance(wait + time.Second)
		}
	}
	p.check("both have to wait in the end", waits > 0, "429", "no wait", Answer{Request: describe(SignIn)})
	if one, other := median(q.took[0]), median(q.took[1]); other > 0 {
		p.note("median time of a denial: %.2f times as long for an account as for nobody (%v, %v)", float64(one)/float64(other), one.Round(100*time.Microsecond), other.Round(100*time.Microsecond))
	}
}

func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.SortedFunc(slices.Values(list), cmp.Compare)
	return list[len(list)/2]
}

func unknownReset(p *play) {
	c, nobody, noise := p.customer(), p.fresh(), p.fresh()
	ask := func(name customer) twin {
		return twin{p.visitor().do(AskReset, Fields{Email: name.email}), []string{name.email}}
	}
	a, b, n := ask(c), ask(nobody), ask(noise)
	p.must("a reset can be asked for", a.Answer, Passed)
	d := differ(a, b, n, 0)
	p.check("a reset is answered alike for accounts and for nobody", d == "", "the same answer", d, a.Answer)
	p.check("an account gets a mail", p.mailed(Reset, c.email) != "", "a mail with a ticket", "none", a.Answer)
	p.check("nobody gets none", p.mailed(Reset, nobody.email) == "", "no mail", "a mail with a ticket", b.Answer)
}

const parallelTries = 50

func parallelGuesses(p *play) {
	first, c := p.customer(), p.customer()
	l := p.lock(0, first.email)
	visitors := make([]*visitor, parallelTries)
	for i := range visitors {
		visitors[i] = p.visitorAt(i % len(p.shop.Instances))
	}
	p.noMoreThan(l, "guesses", parallelTries, func(i int) Answer {
		return visitors[i].do(SignIn, Fields{Email: c.email, Password: newPassword()})
	})
	p.lock(0, c.email)
	p.want("the right password has to wait, too", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Wait)
}

// noMoreThan makes wrong guesses at once, and checks that no more are looked at
// than one after the other.
func (p *play) noMoreThan(l locked, what string, n int, guess func(i int) Answer) {
	answers := make([]Answer, n)
	began := time.Now()
	together(n, func(i int) { answers[i] = guess(i) })
	most, looked := l.most(time.Since(began)), count(answers, Denied)
	if p.isOver() {
		return
	}
	p.note("%d of %d %s at once were looked at, %d one after the other", looked, n, what, l.looked)
	p.check("no more "+what+" are looked at at once than one after the other", looked <= most, sprint("at most ", most), sprint(looked), answers[0])
	others := n - looked - count(answers, Wait) - busy(answers)
	p.check("all other "+what+" have to wait", others == 0, "denied or wait", sprint(others, " other answers"), odd(answers))
}

// busy is how many answers say that the shop has too much to do, which looks at
// no guess either.
func busy(answers []Answer) (n int) {
	for _, a := range answers {
		if a.Status == http.StatusServiceUnavailable {
			n++
		}
	}
	return n
}

// odd is an answer that is none of these, if there is one.
func odd(answers []Answer) Answer {
	for _, a := range answers {
		if a.Outcome != Denied && a.Outcome != Wait && a.Status != http.StatusServiceUnavailable {
			return a
		}
	}
	return Answer{}
}

func lockoutRestart(p *play) {
	c := p.customer()
	p.lock(0, c.email)
	for _, i := range p.shop.Instances {
		if p.isOver() {
			return
		}
		p.fail("an instance restarts", i.Hooks.Restart(p.ctx))
	}
	p.want("the right password has to wait after a restart, too", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Wait)
}

func lockoutInstances(p *play) {
	c, other := p.customer(), p.customer()
	l := p.lock(0, c.email)
	for at := range p.shop.Instances {
		p.want("the right password has to wait at the other instance, too", p.visitorAt(at).do(SignIn, Fields{Email: c.email, Password: c.password}), Wait)
	}
	looked := 0
	for i := range maxGuesses {
		a := p.guess(i%2, other.email)
		if a.Outcome != Denied {
			break
		}
		looked++
	}
	p.check("guesses in turns at two instances are counted together", looked <= l.looked, sprint("at most ", l.looked), sprint(looked), Answer{Request: describe(SignIn)})
}
