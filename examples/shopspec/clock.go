package shopspec

import "time"

// now is what the clock of an instance shows; the time of this machine where
// it cannot be asked.
func (p *play) now(at int) time.Time {
	hook := p.shop.Instances[at].Hooks.Advance
	if hook == nil {
		return time.Now()
	}
	return p.move(at, 0)
}

// move moves the clock of one instance.
func (p *play) move(at int, d time.Duration) time.Time {
	if p.isOver() || p.lacks(WithClock) {
		return time.Time{}
	}
	now, err := p.shop.Instances[at].Hooks.Advance(p.ctx, d)
	if err != nil {
		p.fail("the clock is moved", err)
	}
	return now
}

// advance moves the clocks of all instances on.
func (p *play) advance(d time.Duration) {
	for i := range p.shop.Instances {
		p.move(i, d)
	}
}

// tick lets a second go by where clocks stand still.
func (p *play) tick() {
	if WithClock.met(p.shop) {
		p.advance(time.Second)
	}
}

// restFor is how long a shop is left alone before a scenario, so that limits by
// address do not reach from one into the next.
const restFor = 2 * time.Minute

func (p *play) rest() {
	if WithClock.met(p.shop) {
		p.advance(restFor)
	}
}
