package masto

import (
	"encoding/json"
	"maps"
	"slices"
)

// Deep copies, so that what goes in and out of a Record shares nothing.

func clonePtr[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

func equalPtr[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func cloneExtra(m map[string]json.RawMessage) map[string]json.RawMessage {
	m = maps.Clone(m)
	for k, v := range m {
		m[k] = slices.Clone(v)
	}
	return m
}

func (r *Role) clone() *Role {
	if r == nil {
		return nil
	}
	c := *r
	c.CollectionLimit = clonePtr(r.CollectionLimit)
	c.Extra = cloneExtra(r.Extra)
	return &c
}

func (f *FeatureApproval) clone() *FeatureApproval {
	if f == nil {
		return nil
	}
	return &FeatureApproval{
		Automatic: slices.Clone(f.Automatic), Manual: slices.Clone(f.Manual), CurrentUser: f.CurrentUser, Extra: cloneExtra(f.Extra),
	}
}

func (p Profile) clone() Profile {
	p.Fields = slices.Clone(p.Fields)
	p.FormattedFields = slices.Clone(p.FormattedFields)
	p.HideCollections = clonePtr(p.HideCollections)
	p.Discoverable = clonePtr(p.Discoverable)
	p.AttributionDomains = slices.Clone(p.AttributionDomains)
	p.FeaturedTags = slices.Clone(p.FeaturedTags)
	for i := range p.FeaturedTags {
		p.FeaturedTags[i].Extra = cloneExtra(p.FeaturedTags[i].Extra)
	}
	p.Extra = cloneExtra(p.Extra)
	return p
}
