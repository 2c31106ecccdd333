package linkcheck_test

import (
	"compress/gzip"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/linkcheck"
)

const profile = "https://social.example/@alice"

// link is an element that links back.
const link = `<a rel="me" href="` + profile + `">me</a>`

// site is a server on loopback, and a Checker that may connect to it alone.
func site(t *testing.T, h http.HandlerFunc) (*httptest.Server, *linkcheck.Checker) {
	t.Helper()
	return siteOf(t, true, h)
}

// siteOf is site with or without HTTP/2.
func siteOf(t *testing.T, http2 bool, h http.HandlerFunc) (*httptest.Server, *linkcheck.Checker) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = http2
	s.Config.ErrorLog = nowhere
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, checker(s)
}

// nowhere is for the logs of servers.
var nowhere = log.New(io.Discard, "", 0)

func checker(s *httptest.Server) *linkcheck.Checker {
	own := netip.MustParseAddrPort(s.Listener.Addr().String())
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &linkcheck.Checker{
		Instance: "https://social.example/",
		Timeout:  time.Minute, // slow machines, race detector
		Resolver: resolver([]string{"127.0.0.1"}),
		Allow:    func(addr netip.AddrPort) bool { return addr == own },
		RootCAs:  pool,
	}
}

func body(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, s)
	}
}

// TestPages has a reason for each page; "" stands for a page that links back.
func TestPages(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		code       linkcheck.Code
	}{
		{"a link", link, ""},
		{"a link in the head", `<link rel="author ME" href="` + profile + `">`, ""},
		{"letter case", `<a rel=me href="HTTPS://Social.Example/@Alice">`, ""},
		{"nothing", `<p>hello`, linkcheck.NoLink},
		{"scripts alone", `<div id=root></div><script src=x></script>`, linkcheck.NoHTMLLinks},
		{"a refresh", `<meta http-equiv=Refresh content="0; url=https://b.example/">`, linkcheck.MetaRefresh},
		{"a text", `<a href=/>x</a>` + profile, linkcheck.NotALink},
		{"a comment", `<a href=/>x</a><!-- ` + link + `-->`, linkcheck.NotALink},
		{"no rel", `<a href="` + profile + `">`, linkcheck.NoRelMe},
		{"nofollow", `<a rel="nofollow noopener" href="` + profile + `/">`, linkcheck.NoRelMe},
		{"another element", `<area rel=me href="` + profile + `">`, linkcheck.WrongElement},
		{"somebody else", `<a rel=me href="mailto:a@b.example">`, linkcheck.Elsewhere},
		{"another account", `<a rel=me href="https://social.example/@bob">`, linkcheck.Elsewhere},
		{"spaces", `<a rel=me href=" ` + profile + `
">`, linkcheck.Spaces},
		{"http", `<a rel=me href="http://social.example/@alice">`, linkcheck.HTTP},
		{"no scheme", `<a rel=me href="social.example/@alice">`, linkcheck.NoScheme},
		{"slashes for a scheme", `<a rel=me href="//social.example/@alice">`, linkcheck.NoScheme},
		{"a slash", `<a rel=me href="` + profile + `/">`, linkcheck.TrailingSlash},
		{"percent-encoding", `<a rel=me href="https://social.example/%40alice">`, linkcheck.PercentEncoding},
		{"a port", `<a rel=me href="https://social.example:443/@alice">`, linkcheck.HostSpelling},
		{"a query", `<a rel=me href="` + profile + `?x=1">`, linkcheck.Query},
		{"a fragment", `<a rel=me href="` + profile + `#">`, linkcheck.Query},
		{"the actor", `<a rel=me href="https://social.example/users/alice">`, linkcheck.OtherSpelling},
		{"a page below", `<a rel=me href="` + profile + `/media">`, linkcheck.OtherSpelling},
		{"nested too deep", strings.Repeat("<div>", 500) + link, linkcheck.Unparsable},
		{"beyond 1 MiB", strings.Repeat(" ", 1<<20) + link, linkcheck.TooLarge},
		{"5,000 links", strings.Repeat(`<a rel=nofollow href=/>x</a>`, 5000) + link, ""},
		{"unclosed tags", `<div><p><ul><li><b>` + link, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := site(t, body(tt.page))
			r, err := c.Check(t.Context(), s.URL, profile)
			require.NoError(t, err)
			require.Equal(t, tt.code == "", r.Linked, "%+v", r)
			if tt.code == "" {
				require.Empty(t, r.Findings)
				return
			}
			require.True(t, r.Has(tt.code), "%+v", r.Findings)
			for _, f := range r.Findings {
				require.NotEmpty(t, f.Message)
				require.NotContains(t, f.Message+f.Fix, "{")
			}
		})
	}
}

func redirectHome(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "https://"+r.Host+"/again", http.StatusFound)
}

func port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// TestAnswers has what a server answers besides a good page.
func TestAnswers(t *testing.T) {
	endless := func(w http.ResponseWriter, ctype string) {
		w.Header().Set("Content-Type", ctype)
		for {
			if _, err := w.Write(make([]byte, 32<<10)); err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		code   linkcheck.Code
		failed bool // with an Error of that code
	}{
		{"created", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(201)
		}, linkcheck.Status, false},
		{"not found", http.NotFound, linkcheck.Status, false},
		{"a redirect to nowhere", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) }, linkcheck.Status, false},
		{"overloaded", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, linkcheck.Unavailable, true},
		{"a loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, linkcheck.TooManyRedirects, true},
		{"a file", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, linkcheck.BadRedirect, true},
		{"credentials", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://a:b@c.example/")
			w.WriteHeader(301)
		}, linkcheck.BadRedirect, true},
		{"to loopback", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, linkcheck.PrivateAddress, true},
		{"to another port", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://1.1.1.1:25/", http.StatusPermanentRedirect)
		}, linkcheck.RefusedAddress, true},
		{"JSON", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, link)
		}, linkcheck.NotHTML, false},
		{"XHTML", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xhtml+xml")
			_, _ = io.WriteString(w, link)
		}, linkcheck.NotHTML, false},
		{"brotli", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.WriteHeader(200)
		}, linkcheck.BadEncoding, false},
		{"an endless page", func(w http.ResponseWriter, _ *http.Request) { endless(w, "text/html") }, linkcheck.TooLarge, false},
		{"a bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 8<<20))
			_ = z.Close()
		}, linkcheck.TooLarge, false},
		{"a drip", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, linkcheck.Timeout, true},
		{"huge headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 200<<10))
		}, linkcheck.Unreachable, true},
	} {
		for name, http2 := range map[string]bool{" by HTTP/1.1": false, " by HTTP/2": true} {
			t.Run(tt.name+name, func(t *testing.T) {
				s, c := siteOf(t, http2, tt.answer)
				if tt.code == linkcheck.Timeout {
					c.Timeout = short
				}
				r, err := c.Check(t.Context(), s.URL, profile)
				require.False(t, r.Linked)
				require.True(t, r.Has(tt.code), "%+v %v", r, err)
				var e *linkcheck.Error
				require.Equal(t, tt.failed, errors.As(err, &e), "%v", err)
				if tt.failed {
					require.Equal(t, tt.code, e.Code)
					require.Equal(t, tt.code, r.Findings[0].Code)
				}
			})
		}
	}
}

// No request reaches an address that is refused: the zero Checker refuses
// loopback, in whichever way it is written or resolved.
func TestRefusedAddress(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(body(link))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	require.NoError(t, err)
	var c linkcheck.Checker
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"} {
		t.Run(host, func(t *testing.T) {
			r, err := c.Check(t.Context(), "https://"+host+":"+port, profile)
			var e *linkcheck.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, linkcheck.PrivateAddress, e.Code)
			require.True(t, r.Has(linkcheck.PrivateAddress))
		})
	}
	require.Zero(t, connections.Load())
}

func TestIsPublic(t *testing.T) {
	for _, tt := range []struct {
		addr string
		want bool
	}{
		{"1.1.1.1", true},
		{"2606:4700::1111", true},
		{"0.0.0.0", false},
		{"10.1.2.3", false},
		{"100.64.0.1", false},
		{"100.128.0.1", true},
		{"127.0.0.2", false},
		{"169.254.169.254", false},
		{"172.31.255.255", false},
		{"172.32.0.0", true},
		{"192.168.0.1", false},
		{"198.51.100.1", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"::", false},
		{"::1", false},
		{"::ffff:1.1.1.1", false},
		{"64:ff9b::101:101", false},
		{"64:ff9b:1::1", false},
		{"2001::1", false},
		{"2001:db8::1", false},
		{"2002:7f00:1::", false},
		{"fc00::1", false},
		{"fe80::1", false},
		{"fe80::1%eth0", false},
		{"ff02::1", false},
	} {
		t.Run(tt.addr, func(t *testing.T) {
			require.Equal(t, tt.want, linkcheck.IsPublic(netip.MustParseAddr(tt.addr)))
		})
	}
	require.False(t, linkcheck.IsPublic(netip.Addr{}))
}

// The first link with rel=me is asked once by HEAD, and not followed.
func TestHead(t *testing.T) {
	for _, tt := range []struct {
		name, location string
		code           linkcheck.Code
	}{
		{"to the profile", profile, ""},
		{"in capitals", "https://SOCIAL.example/@alice", linkcheck.LetterCase},
		{"with a slash", profile + "/", linkcheck.TrailingSlash},
		{"elsewhere", "https://b.example/", linkcheck.NoRedirect},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var heads atomic.Int32
			var s *httptest.Server
			s, c := site(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					heads.Add(1)
					w.Header().Set("Location", tt.location)
					w.WriteHeader(301)
					return
				}
				body(fmt.Sprintf(`<a rel=me href="%s/short">`, s.URL))(w, r)
			})
			r, err := c.Check(t.Context(), s.URL, profile)
			require.NoError(t, err)
			require.Equal(t, tt.code == "", r.Linked)
			require.True(t, tt.code == "" || r.Has(tt.code), "%+v", r)
			require.EqualValues(t, 1, heads.Load())
		})
	}
}

// What a request says of the one who asks.
func TestRequest(t *testing.T) {
	var got http.Header
	s, c := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/page", http.StatusFound)
			return
		}
		got = r.Header.Clone()
		body(link)(w, r)
	})
	r, err := c.Check(t.Context(), s.URL+"/", profile)
	require.NoError(t, err)
	require.True(t, r.Linked)
	require.Equal(t, s.URL+"/page", r.FinalURL)
	require.Equal(t, "masto-linkcheck (+https://social.example/)", got.Get("User-Agent"))
	require.Equal(t, "text/html, */*;q=0.1", got.Get("Accept"))
	for _, name := range []string{"Cookie", "Referer", "Authorization"} {
		require.Empty(t, got.Get(name), name)
	}
}

func TestCharset(t *testing.T) {
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	const other = "https://social.example/@ålice"
	for _, tt := range []struct {
		name, charset, page string
		profile             string
		code                linkcheck.Code // "" if the page links back
	}{
		{"UTF-16", "utf-16le", wide(link), profile, ""},
		{"UTF-16 by its mark", "", "\xff\xfe" + wide(link), profile, ""},
		{"Latin 1", "iso-8859-1", "<a rel=me href='https://social.example/@\xe5lice'>", other, ""},
		{"Latin 1 by a meta", "", "<meta charset=latin1><a rel=me href='https://social.example/@\xe5lice'>", other, ""},
		{"one that does not exist", "utf-99", link, profile, ""},
		{"UTF-16 that is not", "utf-16le", link, profile, linkcheck.NoLink},
		{"UTF-8 that is not", "utf-8", "<a rel=me href='https://social.example/@\xe5lice'>", other, linkcheck.Elsewhere},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := site(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				if tt.charset != "" {
					w.Header().Set("Content-Type", "text/html; charset="+tt.charset)
				}
				if r.Method == http.MethodGet {
					_, _ = io.WriteString(w, tt.page)
				}
			})
			c.Allow = func(addr netip.AddrPort) bool { return addr.Port() != 443 && addr.Addr().IsLoopback() }
			r, err := c.Check(t.Context(), s.URL, tt.profile)
			require.NoError(t, err)
			require.Equal(t, tt.code == "", r.Linked, "%+v", r)
			require.True(t, tt.code == "" || r.Has(tt.code), "%+v", r)
		})
	}
}

// HTTP/2 is spoken where the server does.
func TestHTTP2(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		var major atomic.Int32
		s, c := siteOf(t, http2, func(w http.ResponseWriter, r *http.Request) {
			major.Store(int32(r.ProtoMajor))
			body(link)(w, r)
		})
		linked, err := c.LinksBack(t.Context(), s.URL, profile)
		require.NoError(t, err)
		require.True(t, linked)
		require.Equal(t, http2, major.Load() == 2)
	}
}

// Each reason why an address cannot be verified has a code, and the report has
// the address to write instead. Nothing is requested.
func TestUnverifiable(t *testing.T) {
	for _, tt := range []struct {
		name, address string
		reason        error
		code          linkcheck.Code
		suggestion    string
	}{
		{"http", "http://Spore.example", masto.ErrNotHTTPS, linkcheck.NotHTTPS, "https://spore.example"},
		{"no scheme", "spore.example/me", masto.ErrNotHTTPS, linkcheck.NotHTTPS, "https://spore.example/me"},
		{"a port that is none", "https://spore.example:x/", masto.ErrNotURL, linkcheck.NotURL, ""},
		{"a user", "https://me@spore.example/", masto.ErrHasUser, linkcheck.HasUser, "https://spore.example/"},
		{"no host", "https:///me", masto.ErrNoHost, linkcheck.NoHost, ""},
		{"capitals", "https://Spore.example/", masto.ErrHostNotNormal, linkcheck.HostNotNormal, "https://spore.example/"},
		{
			"Unicode",
			"https://bücher.example/",
			masto.ErrHostNotNormal,
			linkcheck.HostNotNormal,
			"https://xn--bcher-kva.example/",
		},
		{"dots", "https://spore.example/a/../me", masto.ErrPathNotNormal, linkcheck.PathNotNormal, "https://spore.example/me"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.ErrorIs(t, masto.CheckVerifiable(tt.address), tt.reason)
			var c linkcheck.Checker
			r, err := c.Check(t.Context(), tt.address, profile)
			require.NoError(t, err)
			require.Equal(t, tt.code, r.Findings[0].Code)
			require.Equal(t, tt.suggestion, r.Suggestion)
			require.Empty(t, r.FinalURL)
		})
	}
}

func TestBadTLS(t *testing.T) {
	s, c := site(t, body(link))
	c.RootCAs = nil
	_, err := c.Check(t.Context(), s.URL, profile)
	var e *linkcheck.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, linkcheck.BadTLS, e.Code)
}

// A host gets two requests at once, however many checks there are.
func TestPerHost(t *testing.T) {
	var now, most atomic.Int32
	s, c := site(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		body(link)(w, r)
	})
	errs := make(chan error)
	for range 8 {
		go func() {
			_, err := c.LinksBack(t.Context(), s.URL, profile)
			errs <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-errs)
	}
	require.LessOrEqual(t, most.Load(), int32(2))
}
