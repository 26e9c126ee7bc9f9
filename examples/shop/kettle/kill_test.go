package kettle

import (
	mathrand "math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// customersAtOnce is how many customers there are at a time, and retireAfter
	// how many passwords one has before another takes the place.
	customersAtOnce = 5
	retireAfter     = 12
	killsByDefault  = 5
)

// The program as everybody gets it is killed at random moments while customers
// sign up, change and reset passwords, set up and use second factors and buy,
// staff place orders, and sweeps remind. Each time, all that was acknowledged
// holds, nothing is half done, and the next start is clean.
//
// How often is up to SHOP_KILLS:
//
//	SHOP_KILLS=100 go test -run TestKill -timeout 30m -v
func TestKill(t *testing.T) {
	if l, err := net.Listen("tcp", "127.1.0.1:0"); err != nil {
		t.Skip("this needs a loopback network of many addresses:", err)
	} else {
		require.NoError(t, l.Close())
	}
	rounds := killsByDefault
	if text := os.Getenv("SHOP_KILLS"); text != "" {
		var err error
		rounds, err = strconv.Atoi(text)
		require.NoError(t, err, "SHOP_KILLS")
	}
	seed := mathrand.Uint64()
	t.Log("seed", seed)
	rng := mathrand.New(mathrand.NewPCG(seed, 0))

	p, all := newProgram(t), &crowd{}
	run := p.start()
	found := staffPassword.FindStringSubmatch(run.said)
	require.NotNil(t, found, "no password of the staff")
	staff, err := hire(newClient(all, 0).in(run.url), found[1])
	require.NoError(t, err)

	var retired, clients []*client
	for len(clients) < customersAtOnce {
		clients = append(clients, newClient(all, rng.Uint64()))
	}
	// On a busy machine little happens in a round: then there are more and longer
	// ones.
	for round := 0; round < rounds || round < 4*rounds && notYet(acknowledged(slices.Concat(retired, clients), staff)) != ""; round++ {
		live(t, run, clients, staff, time.Duration((1+round/rounds)*(100+rng.IntN(1900)))*time.Millisecond, func() {
			if round == 0 {
				p.refuseSecond()
			}
		})
		run = p.start()
		together(t, run.url, clients, (*client).check)
		checkRows(t, p.db, clients, staff)
		for i, c := range clients {
			if len(c.over) >= retireAfter {
				retired, clients[i] = append(retired, c), newClient(all, rng.Uint64())
			}
		}
	}
	together(t, run.url, retired, (*client).check)
	checkRows(t, p.db, append(retired, clients...), staff)
	run.kill(t)
	report(t, append(retired, clients...), staff)
}

// live lets everybody act for a while, does something meanwhile, and kills the
// shop.
func live(t *testing.T, run *process, clients []*client, staff *client, until time.Duration, meanwhile func()) {
	t.Helper()
	over := time.NewTimer(until)
	var all sync.WaitGroup
	act := func(c *client, what func(*client) error) {
		c.base = run.url
		all.Go(func() {
			if err := what(c); err != nil {
				t.Error(err)
			}
		})
	}
	for _, c := range clients {
		act(c, (*client).live)
	}
	act(staff, (*client).forcing)
	meanwhile()
	<-over.C
	run.kill(t)
	all.Wait()
	require.False(t, t.Failed(), "see above")
}

// together runs something for all clients, two at a time.
func together(t *testing.T, url string, clients []*client, what func(*client) error) {
	t.Helper()
	var all sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, c := range clients {
		c.base = url
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := what(c); err != nil {
				t.Errorf("%s: %v", c.email, err)
			}
		})
	}
	all.Wait()
	require.False(t, t.Failed(), "see above")
}

// report makes sure that something happened.
func report(t *testing.T, clients []*client, staff *client) {
	t.Helper()
	sum := acknowledged(clients, staff)
	t.Log("acknowledged:", sum)
	require.Empty(t, notYet(sum))
}

// notYet is a kind of act that has not happened yet.
func notYet(sum map[string]int) string {
	for _, kind := range []string{"orders", "purchases", "signed_up", "password_changed"} {
		if sum[kind] == 0 {
			return kind
		}
	}
	return ""
}

// acknowledged counts what the shop has said to have done.
func acknowledged(clients []*client, staff *client) map[string]int {
	sum := map[string]int{"orders": len(staff.sure)}
	for _, c := range clients {
		sum["purchases"] += len(c.sure)
		for kind, n := range c.least {
			sum[string(kind)] += n
		}
	}
	return sum
}
