package web

import (
	"net/http"
	"net/netip"
)

// Source names the network a request comes from, for Attempt.Source and its
// like: the IPv4 address, or the first 64 bits of an IPv6 address, since
// whoever has one of them has all that follow (RFC 4291, 2.5.1). It is "", which is not
// limited, where RemoteAddr is not an address and a port, as on a Unix socket.
//
// It believes in RemoteAddr alone. Behind a proxy that is the proxy: let the
// middleware that trusts the proxy put the visitor's address there, or all
// visitors share one limit.
func Source(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	a := at.Addr().Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}
