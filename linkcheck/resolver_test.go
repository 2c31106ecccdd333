package linkcheck_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/seed-374a2035/masto/linkcheck"
)

// names answers questions about any name: the first look-up of one with the
// first addresses, and so on; the last ones stay. A look-up is a question for
// IPv4 and one for IPv6.
type names struct {
	lookups [][]string

	mu    sync.Mutex
	asked map[dnsmessage.Type]int
}

// resolver returns a Resolver that asks names with these look-ups.
func resolver(lookups ...[]string) *net.Resolver {
	n := &names{lookups: lookups, asked: map[dnsmessage.Type]int{}}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe() // no PacketConn, so that messages are framed as on TCP
		go n.serve(server)
		return client, nil
	}}
}

// answer returns the records for a question.
func (n *names) answer(q dnsmessage.Question) (records []dnsmessage.Resource) {
	n.mu.Lock()
	defer n.mu.Unlock()
	lookup := n.lookups[min(n.asked[q.Type], len(n.lookups)-1)]
	n.asked[q.Type]++
	for _, text := range lookup {
		addr := netip.MustParseAddr(text)
		record := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}}
		switch {
		case addr.Is4() && q.Type == dnsmessage.TypeA:
			record.Body = &dnsmessage.AResource{A: addr.As4()}
		case addr.Is6() && q.Type == dnsmessage.TypeAAAA:
			record.Body = &dnsmessage.AAAAResource{AAAA: addr.As16()}
		default:
			continue
		}
		records = append(records, record)
	}
	return records
}

func (n *names) serve(conn net.Conn) {
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
		m.Answers = n.answer(m.Questions[0])
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

// A name that resolves to a public address at first, and to a private one when
// the redirect to itself is followed: each connection is judged by its own
// address.
func TestRebinding(t *testing.T) {
	s, c := site(t, redirectHome)
	own := netip.MustParseAddrPort(s.Listener.Addr().String())
	c.Resolver = resolver([]string{"127.0.0.1"}, []string{"10.0.0.1"})
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
