package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// Address returns where a request comes from. X-Forwarded-For is believed as
// far as trusted proxies have written it: from its end, up to the first
// address that is not one of them.
func Address(r *http.Request, proxies []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := peer.Addr().Unmap()
	if len(proxies) == 0 || !within(from, proxies) {
		return from
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := parseHop(strings.TrimSpace(hops[i]))
		if err != nil {
			return from
		}
		if from = hop.Unmap(); !within(from, proxies) {
			break
		}
	}
	return from
}

// parseHop reads an address with or without a port, as proxies write both.
func parseHop(s string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.WithZone(""), nil
	}
	p, err := netip.ParseAddrPort(s)
	return p.Addr().WithZone(""), err
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
