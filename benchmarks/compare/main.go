// Command compare measures masto side by side with other libraries, its peers.
// All are timed in turn in the same run, so that a noisy machine is noisy for
// all of them.
//
//	go run ./benchmarks/compare [-run regexp] [-rounds n]
//
// It prints a line for each measure and peer: the name of the measure, the time
// of masto, the peer and its time, how many times as fast masto is, how many
// times as fast it is meant to be, and the allocations of both.
//
// Before it measures anything, it checks the output of the peers: they must
// find the same links, keep the same elements, or decode the same values. The
// setup of a peer is next to its measure.
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

// measure is a task that masto and its peers perform.
type measure struct {
	name  string
	ours  func()
	peers []peer
	// check returns an error if the output of masto or a peer is wrong. It may
	// be nil.
	check func() error
}

// peer is another way to perform the task.
type peer struct {
	name string
	run  func()
	goal float64 // how many times as fast masto is meant to be; 0 is no goal
}

func main() {
	run := flag.String("run", "", "measure only tasks whose name matches this regular expression")
	rounds := flag.Int("rounds", 15, "how often each one is timed; the fastest time counts")
	flag.Parse()
	only, err := regexp.Compile(*run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	fmt.Printf("%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("%-34s %12s   %-24s %12s %8s %6s %14s\n",
		"measure", "ours ns", "peer", "peer ns", "ratio", "goal", "allocs")
	all := slices.Concat(
		jsonMeasures(), renderMeasures(), sanitizeMeasures(), emojiMeasures(), lengthMeasures(), updateMeasures(),
	)
	for _, m := range all {
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

// report times masto and every peer in turn, as often as rounds says, and
// prints the fastest time of each, since noise can only add time.
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

// calibrate returns how many runs of f take about ten milliseconds.
func calibrate(f func()) int {
	for n := 1; ; n *= 2 {
		if t := timed(f, n) * float64(n); t > float64(5*time.Millisecond) {
			return max(1, int(float64(n)*float64(10*time.Millisecond)/t))
		}
	}
}

// timed runs f n times and returns the nanoseconds that a run takes on average.
func timed(f func(), n int) float64 {
	start := time.Now()
	for range n {
		f()
	}
	return float64(time.Since(start)) / float64(n)
}

// allocations returns how many allocations a run of f makes on average.
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
