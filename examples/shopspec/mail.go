package shopspec

import "slices"

// mailed waits for a mail to an address, and returns the ticket in the newest
// that has one; "" if none has. A scenario that calls it needs WithMail.
func (p *play) mailed(about Action, address string) string {
	var all []Mail
	for _, i := range p.shop.Instances {
		if p.isOver() || p.lacks(WithMail) {
			return ""
		}
		list, err := i.Hooks.Mail(p.ctx, address)
		if err != nil {
			p.fail("the mail is read", err)
			return ""
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b Mail) int { return a.At.Compare(b.At) })
	for _, m := range slices.Backward(all) {
		if ticket := p.shop.Driver.Ticket(about, m); ticket != "" {
			p.run.secrets.add(aTicket, ticket)
			return ticket
		}
	}
	return ""
}

// resetTicket asks for a reset as a visitor and returns the ticket that was
// mailed.
func (v *visitor) resetTicket(email string) string {
	v.p.must("a reset can be asked for", v.do(AskReset, Fields{Email: email}), Passed)
	ticket := v.p.mailed(Reset, email)
	if !v.p.check("the mail of a reset brings a ticket", ticket != "", "a mail with a ticket", "none", Answer{}) {
		v.p.end()
	}
	return ticket
}
