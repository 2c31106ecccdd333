// Command load measures how many requests a server that is built on masto
// answers in a second, and how long they take. Client and server are in this
// program and talk over the loopback interface.
//
//	go run ./benchmarks/load [-time duration] [-clients n] [-stores names] [-run regexp]
//
// Accounts are kept in memory, in SQLite and in a PostgreSQL server of its own,
// which scripts/postgres starts. For each store and request it prints three
// handlers:
//
//	masto          package httpapi, or an endpoint of this program with
//	               Service.Account or Service.Accounts
//	encoding/json  a handler by hand: the same records, rendered by the same
//	               Site, in structs that encoding/json encodes; forms are parsed
//	               by net/http
//	trivial        reads the body and answers with bytes that are made already,
//	               the same ones
//
// They take turns in the same run, so that a noisy machine is noisy for all of
// them: each request to each handler, and all again. "CPU µs" is the processor
// time of a request in this program: of client
// and server, but not of PostgreSQL. "masto is" how many times as fast masto
// is, the median of all turns. At the end a page of 40 accounts is compared
// with 40 requests for one.
//
// A line takes the time that is given, or 200,000 requests if that is less.
// Nothing is left behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/seed-374a2035/masto/internal/pgtest"
)

// goals are the rates that the handler of masto is meant to reach, as a share
// of those of another.
var goals = map[string]float64{
	"memory, GET profile, trivial":       0.8,
	"memory, GET profile, encoding/json": 1,
}

// pageGoal is how many times as fast as requests for each account a page is
// meant to be with PostgreSQL.
const pageGoal = 8

func main() {
	perLine := flag.Duration("time", 2*time.Second, "how long each handler answers each request")
	clients := flag.Int("clients", 8, "how many connections ask at the same time")
	names := flag.String("stores", "memory,SQLite,PostgreSQL", "where accounts are kept")
	pattern := flag.String("run", "", "send only requests whose name matches this regular expression")
	flag.Parse()
	only, err := regexp.Compile(*pattern)
	if err != nil || flag.NArg() > 0 || *clients < 1 || *perLine <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	asked := slices.DeleteFunc(requests(), func(r request) bool { return !only.MatchString(r.name) })
	if err := run(ctx, asked, *perLine, *clients, strings.Split(*names, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, asked []request, perLine time.Duration, clients int, names []string) error {
	fmt.Printf("%s %s/%s, %d processors, %d connections, %d accounts\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), clients, accountCount)
	fmt.Printf("%-11s %-16s %-14s %10s %9s %9s %9s %9s %5s\n",
		"store", "request", "handler", "requests/s", "p50 µs", "p99 µs", "CPU µs", "masto is", "goal")
	var pages []string
	for _, name := range names {
		s, err := openStore(ctx, name)
		if errors.Is(err, pgtest.ErrAbsent) {
			fmt.Printf("%-11s left out: %v\n", name, err)
			continue
		} else if err != nil {
			return err
		}
		results, err := measureStore(ctx, s, asked, perLine, clients)
		if err := errors.Join(err, s.close()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for i, r := range asked {
			printResults(name, r.name, results[i])
		}
		pages = append(pages, comparePage(name, asked, results)...)
	}
	fmt.Println("\n" + strings.Join(pages, "\n"))
	return nil
}

// measureStore returns the results of each request, by handler.
func measureStore(
	ctx context.Context, s *store, asked []request, perLine time.Duration, clients int,
) ([][]result, error) {
	servers, err := startServers(s)
	if err != nil {
		return nil, err
	}
	defer func() { _ = servers.close() }() // The measures are done.
	return servers.measure(ctx, asked, perLine, clients)
}

// printResults prints the lines of a request.
func printResults(store, request string, results []result) {
	ours := results[0]
	for i, r := range results {
		share, goal := "", ""
		if i > 0 {
			share = fmt.Sprintf("%.2f", median(ours.turns, r.turns))
			if g := goals[store+", "+request+", "+handlerNames[i]]; g > 0 {
				goal = fmt.Sprintf("%.2f", g)
			}
		}
		fmt.Printf("%-11s %-16s %-14s %10.0f %9d %9d %9.1f %9s %5s\n", store, request, handlerNames[i], r.rate(),
			r.percentile(50).Microseconds(), r.percentile(99).Microseconds(),
			float64(r.perRequest().Nanoseconds())/1000, share, goal)
	}
}

// comparePage returns a line that compares a page of accounts with a request
// for each of them, if both were asked for.
func comparePage(store string, asked []request, results [][]result) []string {
	byName := func(name string) int {
		return slices.IndexFunc(asked, func(r request) bool { return r.name == name })
	}
	page, one := byName(pageRequest), byName(accountRequest)
	if page < 0 || one < 0 {
		return nil
	}
	line := fmt.Sprintf("%-11s a page of %d accounts is %.1f times as fast as %d requests for one",
		store, pageSize, pageSize*median(results[page][0].turns, results[one][0].turns), pageSize)
	if store == postgres {
		line += fmt.Sprintf(" (goal: %d)", pageGoal)
	}
	return []string{line}
}

// median returns the median of a[i]/b[i].
func median(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}
