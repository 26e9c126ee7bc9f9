package rotate

import (
	"container/list"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// SourceLimit limits tries by network address, in the memory of one process,
// before anything else is done. The zero value means the defaults.
//
// An IPv6 address counts as its network of 64 bits, all of which one visitor
// may have (RFC 7421), and a port does not count.
type SourceLimit struct {
	// Burst is how many tries an address has at once; 0 means 30. A shop behind
	// a carrier's shared address wants more.
	Burst int
	// Every is how long it takes to earn one more try; 0 means 2 seconds.
	Every time.Duration
	// Addresses is how many addresses are remembered, the least recent being
	// forgotten first; 0 means 65 536 (about 10 MB).
	Addresses int
	// Off turns the limit off, where a proxy in front already has one.
	Off bool
}

// sources is a token bucket for each address, in the form of the time at which
// the bucket will be full (the generic cell rate algorithm).
type sources struct {
	limit SourceLimit

	mu     sync.Mutex
	recent *list.List // of *source, most recent first
	by     map[string]*list.Element
}

type source struct {
	address string
	full    time.Time
}

const maxSourceBytes = 64

// ipv6Bits is the part of an IPv6 address that names a visitor.
const ipv6Bits = 64

// bucket is the key of an address; text that is none is its own key.
func bucket(address string) string {
	if len(address) > maxSourceBytes {
		address = address[:maxSourceBytes]
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		withPort, err := netip.ParseAddrPort(address)
		if err != nil {
			return strings.Clone(address)
		}
		ip = withPort.Addr()
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, ipv6Bits).Masked().String()
}

func newSources(l SourceLimit) *sources {
	if l.Burst <= 0 {
		l.Burst = 30
	}
	if l.Every <= 0 {
		l.Every = 2 * time.Second
	}
	if l.Addresses <= 0 {
		l.Addresses = 1 << 16
	}
	return &sources{limit: l, recent: list.New(), by: make(map[string]*list.Element)}
}

// take spends one try of an address, or tells how long to wait for one.
func (s *sources) take(address string, now time.Time) (wait time.Duration, ok bool) {
	if s.limit.Off || address == "" {
		return 0, true
	}
	address = bucket(address)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.by[address]
	if !known {
		if s.recent.Len() >= s.limit.Addresses {
			oldest := s.recent.Back()
			delete(s.by, oldest.Value.(*source).address)
			s.recent.Remove(oldest)
		}
		e = s.recent.PushFront(&source{address: address, full: now})
		s.by[address] = e
	}
	s.recent.MoveToFront(e)
	b := e.Value.(*source)
	empty := now.Add(time.Duration(s.limit.Burst) * s.limit.Every)
	if b.full.After(empty) {
		b.full = empty // the clock was set back; nobody waits longer for that
	}
	full := b.full
	if full.Before(now) {
		full = now
	}
	full = full.Add(s.limit.Every)
	if over := full.Sub(empty); over > 0 {
		return over, false
	}
	b.full = full
	return 0, true
}
