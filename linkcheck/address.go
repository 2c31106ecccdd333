package linkcheck

import (
	"net/netip"
	"slices"
)

// notPublic are the blocks of addresses that are not of the public internet:
// those of the special-purpose registries of IANA, multicast, and those that
// carry an IPv4 address for a gateway to unwrap. For IPv6 they are what lies
// within 2000::/3; nothing outside of it is public.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network, unspecified
	netip.MustParsePrefix("10.0.0.0/8"),      // private
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
	netip.MustParsePrefix("127.0.0.0/8"),     // loopback
	netip.MustParsePrefix("169.254.0.0/16"),  // link-local; metadata of clouds
	netip.MustParsePrefix("172.16.0.0/12"),   // private
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // relays of 6to4
	netip.MustParsePrefix("192.168.0.0/16"),  // private
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("224.0.0.0/4"),     // multicast
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast

	netip.MustParsePrefix("2001::/23"),     // protocol assignments, Teredo, ORCHID
	netip.MustParsePrefix("2001:db8::/32"), // documentation
	netip.MustParsePrefix("2002::/16"),     // 6to4
	netip.MustParsePrefix("3fff::/20"),     // documentation
}

// globalUnicast is the part of IPv6 that public addresses are given out of.
// Outside of it are loopback, link-local, unique-local and multicast addresses,
// those with an IPv4 address mapped or translated (NAT64), and nothing public.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// IsPublic reports whether addr is one of the public internet: not unspecified,
// loopback, private, link-local, unique-local, shared (carrier-grade NAT),
// multicast, reserved, or for documentation and benchmarks, and without an IPv4
// address inside (mapped, 6to4, Teredo, NAT64). An address with a zone is not
// public, nor is the zero Addr.
func IsPublic(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" {
		return false
	}
	if !addr.Is4() && !globalUnicast.Contains(addr) {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// allowDefault is the policy of a Checker without one.
func allowDefault(addr netip.AddrPort) bool {
	return IsPublic(addr.Addr()) && (addr.Port() == 80 || addr.Port() == 443)
}
