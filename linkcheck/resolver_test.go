package linkcheck_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/seed-374a2035/masto/linkcheck"
)

// resolver returns a Resolver whose server answers every question for an A
// record with what answer returns.
func resolver(answer func() netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe() // no PacketConn, so that messages are framed as on TCP
		go serveDNS(server, answer)
		return client, nil
	}}
}

func serveDNS(conn net.Conn, answer func() netip.Addr) {
	defer conn.Close() //nolint:errcheck // a pipe
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, query); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(query) != nil {
			return
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
				Body:   &dnsmessage.AResource{A: answer().As4()},
			}}
		}
		packed, err := m.Pack()
		if err != nil {
			return
		}
		answer := append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// loopback resolves every name to this machine.
func loopback() netip.Addr { return netip.MustParseAddr("127.0.0.1") }

// A name that resolves to a public address at first, and to a private one when
// the redirect to itself is followed: each connection is judged by its own
// address.
func TestRebinding(t *testing.T) {
	s, c := site(t, redirectHome)
	own := netip.MustParseAddrPort(s.Listener.Addr().String())
	var asked atomic.Int32
	addresses := []string{"127.0.0.1", "10.0.0.1"}
	c.Resolver = resolver(func() netip.Addr {
		return netip.MustParseAddr(addresses[min(int(asked.Add(1))-1, 1)])
	})
	var refused []string
	c.Allow = func(addr netip.AddrPort) bool {
		if addr != own {
			refused = append(refused, addr.Addr().String())
		}
		return addr == own
	}
	_, err := c.Check(t.Context(), "https://example.com:"+port(s.Listener), profile)
	var e *linkcheck.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, linkcheck.PrivateAddress, e.Code)
	require.Equal(t, []string{"10.0.0.1"}, refused)
}
