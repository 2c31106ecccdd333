package main

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/client"
)

// What the server says about itself has every member of a captured answer, of
// the same type: typed clients require them.
func TestInstanceIsWhole(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	for path, sample := range map[string]string{
		"/api/v1/instance": "mastodon-4.6.4-v1.json",
		"/api/v2/instance": "mastodon-4.6.4.json",
	} {
		t.Run(path, func(t *testing.T) {
			captured, err := os.ReadFile("../../testdata/instance/" + sample)
			require.NoError(t, err)
			var want any
			require.NoError(t, json.Unmarshal(captured, &want))
			assert.Empty(t, deviations("", want, s.send(t, request{method: "GET", path: path}).object(t)))
		})
	}
}

// deviations returns where got lacks what want has, or has another type. What
// is null in want may be anything.
func deviations(path string, want, got any) []string {
	var all []string
	switch w := want.(type) {
	case nil:
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{path + " is no object"}
		}
		for name, member := range w {
			if _, ok := g[name]; !ok {
				all = append(all, path+"."+name+" is missing")
				continue
			}
			all = append(all, deviations(path+"."+name, member, g[name])...)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) > 0 && len(g) == 0 {
			return []string{path + " is no such list"}
		}
		if len(w) > 0 {
			all = deviations(path+"[0]", w[0], g[0])
		}
	default:
		if a, b := fmt.Sprintf("%T", want), fmt.Sprintf("%T", got); a != b {
			all = append(all, path+" is a "+b+", not a "+a)
		}
	}
	return all
}

// A client reads from it what the server takes.
func TestInstanceTellsWhatTheServerTakes(t *testing.T) {
	for _, c := range []struct {
		name       string
		old        bool
		apiVersion int
		version    string
	}{
		{
			name:       "with the profile methods",
			apiVersion: 11,
			version:    "4.6.4 (compatible; masto)",
		},
		{
			name:    "without them",
			old:     true,
			version: "4.2.0 (compatible; masto)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startServer(t, t.TempDir(), "", c.old)
			i, err := client.DecodeInstance([]byte(s.send(t, request{
				method: "GET",
				path:   "/api/v2/instance",
			}).body))
			require.NoError(t, err)
			assert.Equal(t, "social.example", i.Domain)
			assert.Equal(t, c.version, i.Version)
			assert.Equal(t, c.apiVersion, i.APIVersion)
			assert.Equal(t, !c.old, i.HasProfileAPI())
			if !c.old {
				assert.Equal(t, 40, i.Limits.DisplayName)
				assert.Equal(t, 500, i.Limits.Note)
				assert.Equal(t, 4, i.Limits.Fields)
			}
			i, err = client.DecodeInstance([]byte(s.send(t, request{
				method: "GET",
				path:   "/api/v1/instance",
			}).body))
			require.NoError(t, err)
			assert.Equal(t, c.version, i.Version)
		})
	}
}

// Programs find out which software it is.
func TestNodeInfo(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.send(t, request{method: "GET", path: "/.well-known/nodeinfo"})
	require.Equal(t, 200, a.status)
	assert.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
	assert.JSONEq(t, `{"links":[{
		"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0",
		"href":"`+site+`/nodeinfo/2.0"
	}]}`, a.body)

	a = s.send(t, request{method: "GET", path: "/nodeinfo/2.0"})
	require.Equal(t, 200, a.status)
	document := a.object(t)
	assert.Equal(t, "2.0", document["version"])
	assert.Equal(t, map[string]any{
		"name":    "masto",
		"version": "4.6.4 (compatible; masto)",
	}, document["software"])
	for _, name := range []string{"protocols", "services", "openRegistrations", "usage", "metadata"} {
		assert.Contains(t, document, name)
	}
	users, ok := document["usage"].(map[string]any)["users"].(map[string]any)
	require.True(t, ok)
	assert.InDelta(t, 1, users["total"], 0)
}
