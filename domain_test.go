package masto_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestAttributionDomainsAreJudged(t *testing.T) {
	domains := []string{"spore.io", "a b", "bücher.example", "spore.io/"}
	err := masto.Limits{}.Validate(masto.Update{AttributionDomains: masto.Some(domains)}, nil)
	v, ok := errors.AsType[*masto.ValidationError](err)
	require.True(t, ok)
	var bad []string
	for _, f := range v.Findings {
		require.Equal(t, "attribution_domains", f.Attribute)
		bad = append(bad, f.Value)
	}
	require.Equal(t, []string{"a b", "spore.io/"}, bad)
}

func TestNormalizeAttributionDomains(t *testing.T) {
	in := []string{" https://a.io\n", "http://*.a.io", "*.http://b.io", "", "\u3000", "a.io", "A.io"}
	require.Equal(t, []string{"a.io", "http://b.io", "A.io"}, masto.NormalizeAttributionDomains(in))
	require.Equal(t, []string{}, masto.NormalizeAttributionDomains(nil))
}
