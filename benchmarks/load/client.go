package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// client sends prepared requests to a server and reads the answers, with as
// little work as possible, since it has the same processors as the server.
type client struct {
	address string
	conns   []*conn
}

// conn is a connection that is kept open.
type conn struct {
	net.Conn

	r *bufio.Reader
}

// connect sees to it that there are n connections.
func (c *client) connect(n int) error {
	for len(c.conns) < n {
		nc, err := (&net.Dialer{Timeout: time.Minute}).DialContext(context.Background(), "tcp", c.address)
		if err != nil {
			return err
		}
		c.conns = append(c.conns, &conn{nc, bufio.NewReaderSize(nc, 64<<10)})
	}
	return nil
}

func (c *client) close() error {
	var all error
	for _, conn := range c.conns {
		all = errors.Join(all, conn.Close())
	}
	c.conns = nil
	return all
}

// once sends one request and returns the body of the answer.
func (c *client) once(request []byte) ([]byte, error) {
	if err := c.connect(1); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err := c.conns[0].do(request, &body)
	return body.Bytes(), err
}

// do sends a request and writes the body of the answer, which must have status
// 200 and a Content-Length.
func (c *conn) do(request []byte, body io.Writer) error {
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	if _, err := c.Write(request); err != nil {
		return err
	}
	status, err := c.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	refused := ""
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 200 ")) {
		refused = string(status)
	}
	length := -1
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	switch {
	case refused != "":
		text, _ := c.r.Peek(c.r.Buffered())
		return fmt.Errorf("%s: %s", refused, text)
	case length < 0:
		return errors.New("the answer has no Content-Length")
	}
	_, err = io.CopyN(body, c.r, int64(length))
	return err
}

// result is what was measured of one handler.
type result struct {
	turns     []float64 // requests per second
	latencies []time.Duration
	elapsed   time.Duration
	cpu       time.Duration // of this program
}

func (r *result) rate() float64 { return float64(len(r.latencies)) / r.elapsed.Seconds() }

// perRequest returns the processor time that a request takes, of the client and
// the server, but not of PostgreSQL.
func (r *result) perRequest() time.Duration { return r.cpu / time.Duration(len(r.latencies)) }

// percentile returns the time that p percent of the requests took at most.
func (r *result) percentile(p int) time.Duration {
	return r.latencies[min(len(r.latencies)*p/100, len(r.latencies)-1)]
}

const (
	turns       = 10      // of each handler
	maxRequests = 200_000 // of each handler
	perConn     = 8       // accounts that a connection asks for
)

// measure has each handler answer each request in turns. It returns the results
// of each request by handler.
func (s *servers) measure(
	ctx context.Context, requests []request, total time.Duration, clients int,
) ([][]result, error) {
	results := make([][]result, len(requests))
	canned := make([][]byte, len(requests))
	for i, r := range requests {
		results[i] = make([]result, len(handlerNames))
		var err error
		if canned[i], err = s.check(r); err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
	}
	for range turns {
		for i, r := range requests {
			prepared := r.prepare(clients)
			s.canned.Store(&canned[i])
			for h := range handlerNames {
				if err := s.client[h].turn(ctx, prepared, total/turns, &results[i][h]); err != nil {
					return nil, fmt.Errorf("%s, %s: %w", r.name, handlerNames[h], err)
				}
			}
		}
	}
	for _, list := range results {
		for _, r := range list {
			slices.Sort(r.latencies)
		}
	}
	return results, nil
}

// prepare returns the requests of each connection.
func (r request) prepare(clients int) [][][]byte {
	prepared := make([][][]byte, clients)
	for c := range prepared {
		for variant := range 2 {
			for n := range perConn {
				prepared[c] = append(prepared[c], r.make((c*perConn+n)%accountCount, variant))
			}
		}
	}
	return prepared
}

// turn sends requests for a time, and adds what it measured.
func (c *client) turn(ctx context.Context, prepared [][][]byte, limit time.Duration, to *result) error {
	if err := c.connect(len(prepared)); err != nil {
		return err
	}
	latencies := make([][]time.Duration, len(prepared))
	errs := make([]error, len(prepared))
	begun, cpu := time.Now(), cpuTime()
	var all sync.WaitGroup
	for i, conn := range c.conns[:len(prepared)] {
		all.Go(func() {
			most := max(1, maxRequests/turns/len(prepared))
			latencies[i], errs[i] = conn.repeat(ctx, prepared[i], begun.Add(limit), most)
		})
	}
	all.Wait()
	elapsed := time.Since(begun)
	if err := errors.Join(append(errs, context.Cause(ctx))...); err != nil {
		return err
	}
	n := 0
	for _, list := range latencies {
		n += len(list)
		to.latencies = append(to.latencies, list...)
	}
	to.turns = append(to.turns, float64(n)/elapsed.Seconds())
	to.elapsed += elapsed
	to.cpu += cpuTime() - cpu
	return nil
}

// repeat sends requests one after the other until a time, at most so many, and
// at least one. It returns how long each took.
func (c *conn) repeat(ctx context.Context, requests [][]byte, until time.Time, most int) ([]time.Duration, error) {
	var latencies []time.Duration
	for len(latencies) < most && ctx.Err() == nil {
		begun := time.Now()
		if len(latencies) > 0 && begun.After(until) {
			break
		}
		if err := c.do(requests[len(latencies)%len(requests)], io.Discard); err != nil {
			return nil, err
		}
		latencies = append(latencies, time.Since(begun))
	}
	return latencies, nil
}
