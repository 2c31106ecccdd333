package main

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/seed-374a2035/masto/internal/pgtest"
)

// Every handler answers every request on every store, and those by hand and of
// masto the same.
func TestMeasure(t *testing.T) {
	accountCount = 100
	for _, name := range []string{memory, sqlite, postgres} {
		t.Run(name, func(t *testing.T) {
			s, err := openStore(t.Context(), name)
			if errors.Is(err, pgtest.ErrAbsent) && os.Getenv("MASTO_NO_SKIP") == "" {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			results, err := measureStore(t.Context(), s, requests(), turns*time.Millisecond, 2)
			if err := errors.Join(err, s.close()); err != nil {
				t.Fatal(err)
			}
			for i, r := range requests() {
				for h, result := range results[i] {
					if n := len(result.latencies); n < 2*turns || len(result.turns) != turns {
						t.Errorf("%s, %s: %d requests in %d turns", r.name, handlerNames[h], n, len(result.turns))
					}
				}
			}
			if lines := comparePage(name, requests(), results); len(lines) != 1 {
				t.Errorf("%q", lines)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	if got := median([]float64{1, 30, 2}, []float64{1, 10, 4}); got != 1 {
		t.Error(got)
	}
}
