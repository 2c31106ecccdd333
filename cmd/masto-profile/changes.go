package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
)

// maxPicture is more than any server takes.
const maxPicture = 64 << 20

// uploads are the pictures to be sent; nil: none.
type uploads struct{ avatar, header *masto.Upload }

// addTo returns u with the pictures.
func (up uploads) addTo(u masto.Update) masto.Update {
	if up.avatar != nil {
		u.Avatar = masto.Some(up.avatar)
	}
	if up.header != nil {
		u.Header = masto.Some(up.header)
	}
	return u
}

// mark returns p with other addresses where pictures will be sent, so that a Conflict sees them.
func (up uploads) mark(p masto.Profile) masto.Profile {
	if up.avatar != nil {
		p.Avatar = "a new one"
	}
	if up.header != nil {
		p.Header = "a new one"
	}
	return p
}

// changes are what the flags of edit ask for, in their order.
type changes struct{ list []change }

// change changes a profile, or adds a picture.
type change func(p *masto.Profile, up *uploads) error

func (c *changes) any() bool { return len(c.list) > 0 }

// apply returns a changed copy of before.
func (c *changes) apply(before masto.Profile) (masto.Profile, uploads, error) {
	after := before
	after.Fields = slices.Clone(before.Fields)
	var up uploads
	for _, change := range c.list {
		if err := change(&after, &up); err != nil {
			return after, up, err
		}
	}
	return after, up, nil
}

// changeFlags defines the flags that change a profile. stdin is read where a file is called -.
func changeFlags(flags *flag.FlagSet, stdin io.Reader) *changes {
	c := &changes{}
	add := func(name, usage string, parse func(value string) (change, error)) {
		flags.Func(name, usage, func(value string) error {
			change, err := parse(value)
			if err == nil {
				c.list = append(c.list, change)
			}
			return err
		})
	}
	text := func(name, usage string, set func(p *masto.Profile, value string)) {
		add(name, usage, func(value string) (change, error) {
			return func(p *masto.Profile, _ *uploads) error { set(p, value); return nil }, nil
		})
	}
	boolean := func(name, usage string, at func(p *masto.Profile) *bool) {
		add(name, usage+": `true or false`", func(value string) (change, error) {
			b, err := strconv.ParseBool(value)
			return func(p *masto.Profile, _ *uploads) error { *at(p) = b; return nil }, err
		})
	}
	nullable := func(name, usage string, at func(p *masto.Profile) **bool) {
		add(name, usage+": `true, false or null`", func(value string) (change, error) {
			b, err := parseNullable(value)
			return func(p *masto.Profile, _ *uploads) error { *at(p) = b; return nil }, err
		})
	}
	text("name", "display `name`; \"\" clears it", func(p *masto.Profile, v string) { p.DisplayName = v })
	text("bio", "bio, raw `text`; \"\" clears it", func(p *masto.Profile, v string) { p.Note = v })
	add("bio-file", "`file` with the bio; - is the standard input", func(value string) (change, error) {
		return func(p *masto.Profile, _ *uploads) error {
			data, err := readText(value, stdin)
			p.Note = strings.TrimRight(data, "\r\n")
			return err
		}, nil
	})
	add("set-field", "`label=value` of the row with that label, which is added if it is not there; the others stay", func(value string) (change, error) {
		label, text, ok := strings.Cut(value, "=")
		if !ok {
			return nil, errors.New("label=value is wanted")
		}
		return func(p *masto.Profile, _ *uploads) error { setField(p, label, text); return nil }, nil
	})
	add("remove-field", "`label` of a row to remove", func(label string) (change, error) {
		return func(p *masto.Profile, _ *uploads) error { return removeField(p, label) }, nil
	})
	text("domains", "`domains` that may credit you, with commas between them; \"\" for none", func(p *masto.Profile, v string) {
		p.AttributionDomains = splitList(v)
	})
	for _, kind := range []string{"avatar", "header"} {
		add(kind, "picture `file`; \"\" removes the picture", func(name string) (change, error) {
			return func(p *masto.Profile, up *uploads) error { return setPicture(p, up, kind, name) }, nil
		})
	}
	text("avatar-description", "alternative `text` of the avatar", func(p *masto.Profile, v string) { p.AvatarDescription = v })
	text("header-description", "alternative `text` of the header", func(p *masto.Profile, v string) { p.HeaderDescription = v })
	boolean("locked", "approve followers by hand", func(p *masto.Profile) *bool { return &p.Locked })
	boolean("bot", "the account acts by itself", func(p *masto.Profile) *bool { return &p.Bot })
	boolean("indexable", "public posts may be searched", func(p *masto.Profile) *bool { return &p.Indexable })
	boolean("show-media", "show the Media tab", func(p *masto.Profile) *bool { return &p.ShowMedia })
	boolean("show-media-replies", "show media of replies in it", func(p *masto.Profile) *bool { return &p.ShowMediaReplies })
	boolean("show-featured", "show the Featured tab", func(p *masto.Profile) *bool { return &p.ShowFeatured })
	nullable("discoverable", "take part in discovery", func(p *masto.Profile) **bool { return &p.Discoverable })
	nullable("hide-collections", "hide followers and followed accounts", func(p *masto.Profile) **bool { return &p.HideCollections })
	return c
}

// parseNullable reads true, false or null.
func parseNullable(s string) (*bool, error) {
	if s == "null" {
		return nil, nil
	}
	b, err := strconv.ParseBool(s)
	return &b, err
}

// splitList reads what has commas or spaces between its parts.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// setField changes the first row with that label, or adds one.
func setField(p *masto.Profile, label, value string) {
	for i := range p.Fields {
		if p.Fields[i].Name == label {
			p.Fields[i] = masto.Field{Name: label, Value: value}
			return
		}
	}
	p.Fields = append(p.Fields, masto.Field{Name: label, Value: value})
}

func removeField(p *masto.Profile, label string) error {
	n := len(p.Fields)
	p.Fields = slices.DeleteFunc(p.Fields, func(f masto.Field) bool { return f.Name == label })
	if len(p.Fields) == n {
		return fmt.Errorf("there is no field %q", label)
	}
	return nil
}

// setPicture reads a picture, or removes it.
func setPicture(p *masto.Profile, up *uploads, kind, name string) error {
	at, upload := &p.Avatar, &up.avatar
	if kind == "header" {
		at, upload = &p.Header, &up.header
	}
	*upload = nil
	if name == "" {
		*at = ""
		return nil
	}
	data, err := readLimited(name, maxPicture)
	if err != nil {
		return err
	}
	*upload = &masto.Upload{Filename: filepath.Base(name), Data: data}
	return nil
}

// maxText is far more than any bio.
const maxText = 1 << 20

// readText reads a file, or stdin.
func readText(name string, stdin io.Reader) (string, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, maxText))
		return string(data), err
	}
	data, err := readLimited(name, maxText)
	return string(data), err
}

// readLimited reads a file of at most limit bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", name, limit)
	}
	return data, errors.Join(err, f.Close())
}
