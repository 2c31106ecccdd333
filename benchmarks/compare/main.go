// Command compare measures masto beside its peers, in one run and interleaved, so that a noisy machine is noisy for all of them.
// It prints a line for each measure and peer: name, ours, the peer's, how many times ours is as fast, the goal, allocations of both.
//
//	go run ./benchmarks/compare [-run regexp] [-rounds n]
//
// Before anything is measured, each peer's output is checked: it must find the same links, keep the same elements or decode the same
// values. How a peer is set up stands beside its measure.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"time"
)

// measure is a task that masto and its peers do.
type measure struct {
	name  string
	ours  func()
	peers []peer
	// check returns an error where an output is not what the task asks for; nil checks nothing.
	check func() error
}

// peer is another way to do it; goal is how many times as fast ours is meant to be, 0 for no goal.
type peer struct {
	name string
	run  func()
	goal float64
}

func main() {
	run := flag.String("run", "", "measure only what matches this regular expression")
	rounds := flag.Int("rounds", 15, "how often each one is timed; the fastest counts, as noise only adds")
	flag.Parse()
	only, err := regexp.Compile(*run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	fmt.Printf("%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("%-34s %12s   %-24s %12s %8s %6s %14s\n", "measure", "ours ns", "peer", "peer ns", "ratio", "goal", "allocs")
	for _, m := range slices.Concat(jsonMeasures(), renderMeasures(), sanitizeMeasures(), emojiMeasures(), lengthMeasures()) {
		if !only.MatchString(m.name) {
			continue
		}
		if m.check != nil {
			if err := m.check(); err != nil {
				fmt.Fprintf(os.Stderr, "compare: %s: %v\n", m.name, err)
				os.Exit(1)
			}
		}
		report(m, *rounds)
	}
}

// report times ours and every peer in turn, rounds times, and prints the fastest of each.
func report(m measure, rounds int) {
	runs := make([]func(), 1+len(m.peers))
	runs[0] = m.ours
	for i, p := range m.peers {
		runs[1+i] = p.run
	}
	times := make([][]float64, len(runs))
	counts := make([]int, len(runs))
	for i, f := range runs {
		counts[i] = calibrate(f)
	}
	for range rounds {
		for i, f := range runs {
			times[i] = append(times[i], timed(f, counts[i]))
		}
	}
	ours, ourAllocs := slices.Min(times[0]), allocations(m.ours)
	for i, p := range m.peers {
		theirs := slices.Min(times[1+i])
		goal := "-"
		if p.goal > 0 {
			goal = fmt.Sprintf("%.1f", p.goal)
		}
		fmt.Printf("%-34s %12.1f   %-24s %12.1f %7.1fx %6s %6.0f /%6.0f\n",
			m.name, ours, p.name, theirs, theirs/ours, goal, ourAllocs, allocations(p.run))
	}
}

// calibrate returns how often f has to run to take about ten milliseconds.
func calibrate(f func()) int {
	for n := 1; ; n *= 2 {
		if t := timed(f, n) * float64(n); t > float64(5*time.Millisecond) {
			return max(1, int(float64(n)*float64(10*time.Millisecond)/t))
		}
	}
}

// timed returns the nanoseconds that one of n runs of f takes.
func timed(f func(), n int) float64 {
	start := time.Now()
	for range n {
		f()
	}
	return float64(time.Since(start)) / float64(n)
}

// allocations returns how many allocations a run of f makes.
func allocations(f func()) float64 {
	const runs = 100
	f()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / runs
}
