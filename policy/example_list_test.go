package policy_test

import (
	"context"
	"fmt"

	"github.com/tillkey/tillkey/policy"
)

// vault is a breach source of one's own. It says ErrUnchecked when it cannot
// know, and never 0.
type vault struct {
	open   bool
	leaked map[string]int
}

func (v vault) Seen(_ context.Context, password string) (int, error) {
	if !v.open {
		return 0, fmt.Errorf("vault: closed for the night: %w", policy.ErrUnchecked)
	}
	return v.leaked[password], nil
}

func ExampleList() {
	p := policy.ShopStaff()
	for _, source := range []vault{{open: true, leaked: map[string]int{"winter harbor nine zebra": 41}}, {open: false}} {
		p.Breach = []policy.List{source}
		verdict, err := p.Check(context.Background(), "winter harbor nine zebra")
		fmt.Println(verdict.Err(), "/", err)
	}

	// A customer is let in. What was not asked is kept for later.
	p.Unchecked = policy.AcceptUnchecked
	verdict, err := p.Check(context.Background(), "winter harbor nine zebra")
	fmt.Println(verdict.Err(), err, len(verdict.Unchecked))
	// Output:
	// policy: password refused: breached / <nil>
	// <nil> / policy: Breach[0] could not answer: vault: closed for the night: policy: password not checked
	// <nil> <nil> 1
}
