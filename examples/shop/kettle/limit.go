package kettle

import (
	"net/netip"
	"sync"
	"time"
)

// limit is how often one address may ask for something cheap.
type limit struct {
	burst     int           // at once
	every     time.Duration // until there is one more
	addresses int           // that are remembered

	mu sync.Mutex
	// full is when an address may ask burst times at once again.
	full map[netip.Prefix]time.Time
}

// typingLimit is far above what people type, and bounds what it costs the shop.
func typingLimit() *limit {
	return &limit{burst: 120, every: 250 * time.Millisecond, addresses: 10_000, full: map[netip.Prefix]time.Time{}}
}

// visitorBits are the part of an IPv6 address that names a visitor (RFC 7421).
const visitorBits = 64

// take uses one turn of an address, or tells how long to wait for one. What
// cannot be read shares one account.
func (l *limit) take(remote string, now time.Time) (wait time.Duration, ok bool) {
	var from netip.Prefix
	if at, err := netip.ParseAddrPort(remote); err == nil {
		ip := at.Addr().Unmap().WithZone("")
		bits := visitorBits
		if ip.Is4() {
			bits = ip.BitLen()
		}
		from = netip.PrefixFrom(ip, bits).Masked()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.full[from]
	if full.Before(now) {
		full = now
	}
	full = full.Add(l.every)
	if over := full.Sub(now.Add(time.Duration(l.burst) * l.every)); over > 0 {
		return over, false
	}
	if _, known := l.full[from]; !known && len(l.full) >= l.addresses {
		l.forget(now)
	}
	l.full[from] = full
	return 0, true
}

// forget drops the addresses that have all their turns, or, under a flood of
// addresses, all.
func (l *limit) forget(now time.Time) {
	for a, full := range l.full {
		if !full.After(now) {
			delete(l.full, a)
		}
	}
	if len(l.full) >= l.addresses {
		clear(l.full)
	}
}
