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
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/internal/media"
)

// maxPicture is the size in bytes of the largest picture that is read. It is
// more than any server accepts.
const maxPicture = 64 << 20

// changes are the changes that the flags of edit ask for, in their order.
type changes struct{ list []change }

// change changes a profile, or replaces a picture.
type change func(d *client.Draft) error

func (c *changes) any() bool { return len(c.list) > 0 }

// apply performs the changes.
func (c *changes) apply(d *client.Draft) error {
	for _, change := range c.list {
		if err := change(d); err != nil {
			return err
		}
	}
	return nil
}

// changeFlags defines flags that change a profile. It collects the changes in
// the order in which the flags are parsed.
type changeFlags struct {
	flags   *flag.FlagSet
	changes *changes
}

// defineChanges defines the flags that change a profile and returns the changes
// that they will ask for. A file named - is read from stdin.
func defineChanges(flags *flag.FlagSet, stdin io.Reader) *changes {
	f := changeFlags{flags, &changes{}}
	f.defineTexts(stdin)
	f.defineFields()
	f.definePictures()
	f.defineSwitches()
	return f.changes
}

func (f changeFlags) defineTexts(stdin io.Reader) {
	f.text("name", "display `name`; \"\" clears it", func(p *masto.Profile, v string) { p.DisplayName = v })
	f.text("bio", "bio as plain `text`; \"\" clears it", func(p *masto.Profile, v string) { p.Note = v })
	f.add("bio-file", "`file` with the bio; - is the standard input", func(name string) (change, error) {
		return func(d *client.Draft) error {
			data, err := readText(name, stdin)
			d.Note = strings.TrimRight(data, "\r\n")
			return err
		}, nil
	})
	f.text("domains", "`domains` that may credit you, separated by commas; \"\" for none",
		func(p *masto.Profile, v string) { p.AttributionDomains = splitList(v) })
}

func (f changeFlags) defineFields() {
	f.add("set-field", "set the value of the field with a label, or add the field: `label=value`",
		func(value string) (change, error) {
			label, text, ok := strings.Cut(value, "=")
			if !ok {
				return nil, errors.New("it must be label=value")
			}
			return func(d *client.Draft) error { setField(&d.Profile, label, text); return nil }, nil
		})
	f.add("remove-field", "remove the field with this `label`", func(label string) (change, error) {
		return func(d *client.Draft) error { return removeField(&d.Profile, label) }, nil
	})
}

func (f changeFlags) definePictures() {
	for _, kind := range []string{"avatar", "header"} {
		f.add(kind, "picture `file` for the "+kind+"; \"\" removes the picture", func(name string) (change, error) {
			return func(d *client.Draft) error { return setPicture(d, kind, name) }, nil
		})
	}
	f.text("avatar-description", "alt `text` of the avatar",
		func(p *masto.Profile, v string) { p.AvatarDescription = v })
	f.text("header-description", "alt `text` of the header",
		func(p *masto.Profile, v string) { p.HeaderDescription = v })
}

func (f changeFlags) defineSwitches() {
	f.boolean("locked", "approve followers by hand", func(p *masto.Profile) *bool { return &p.Locked })
	f.boolean("bot", "the account is automated", func(p *masto.Profile) *bool { return &p.Bot })
	f.boolean("indexable", "include public posts in search results",
		func(p *masto.Profile) *bool { return &p.Indexable })
	f.boolean("show-media", "show the Media tab", func(p *masto.Profile) *bool { return &p.ShowMedia })
	f.boolean("show-media-replies", "show the media of replies in the Media tab",
		func(p *masto.Profile) *bool { return &p.ShowMediaReplies })
	f.boolean("show-featured", "show the Featured tab", func(p *masto.Profile) *bool { return &p.ShowFeatured })
	f.nullable("discoverable", "feature the account where people discover others",
		func(p *masto.Profile) **bool { return &p.Discoverable })
	f.nullable("hide-collections", "hide followers and followed accounts",
		func(p *masto.Profile) **bool { return &p.HideCollections })
}

// add defines a flag. parse turns its value into a change.
func (f changeFlags) add(name, usage string, parse func(value string) (change, error)) {
	f.flags.Func(name, usage, func(value string) error {
		change, err := parse(value)
		if err == nil {
			f.changes.list = append(f.changes.list, change)
		}
		return err
	})
}

// text defines a flag whose value is a text.
func (f changeFlags) text(name, usage string, set func(p *masto.Profile, value string)) {
	f.add(name, usage, func(value string) (change, error) {
		return func(d *client.Draft) error { set(&d.Profile, value); return nil }, nil
	})
}

// boolean defines a flag for the Boolean at a place in a profile.
func (f changeFlags) boolean(name, usage string, at func(p *masto.Profile) *bool) {
	f.add(name, usage+": `true|false`", func(value string) (change, error) {
		b, err := parseBool(value)
		return func(d *client.Draft) error { *at(&d.Profile) = b; return nil }, err
	})
}

// nullable defines a flag for the nullable Boolean at a place in a profile.
func (f changeFlags) nullable(name, usage string, at func(p *masto.Profile) **bool) {
	f.add(name, usage+": `true|false|null`", func(value string) (change, error) {
		b, err := parseNullable(value)
		return func(d *client.Draft) error { *at(&d.Profile) = b; return nil }, err
	})
}

// parseBool parses true or false.
func parseBool(s string) (bool, error) {
	b, err := strconv.ParseBool(s)
	if err != nil {
		err = errors.New("true or false")
	}
	return b, err
}

// parseNullable parses true, false or null.
func parseNullable(s string) (*bool, error) {
	if s == "null" {
		return nil, nil
	}
	b, err := strconv.ParseBool(s)
	if err != nil {
		err = errors.New("true, false or null")
	}
	return &b, err
}

// splitList splits s at commas and spaces.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// setField sets the value of the first field with a label, or adds a field.
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
		return fmt.Errorf("there is no field with the label %q", label)
	}
	return nil
}

// setPicture reads the picture of a kind, avatar or header, from the named
// file. An empty name removes the picture.
func setPicture(d *client.Draft, kind, name string) error {
	at, upload := &d.Avatar, &d.NewAvatar
	if kind == "header" {
		at, upload = &d.Header, &d.NewHeader
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
	if ext, _ := media.Type(data); ext == "" {
		return fmt.Errorf("%s: a picture must be JPEG, PNG, GIF or WebP", name)
	}
	*upload = &masto.Upload{Filename: filepath.Base(name), Data: data}
	return nil
}

// maxText is the size in bytes of the largest text that is read. It is far more
// than any bio has.
const maxText = 1 << 20

// readText reads the named file, or stdin if the name is -.
func readText(name string, stdin io.Reader) (string, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, maxText))
		return string(data), err
	}
	data, err := readLimited(name, maxText)
	return string(data), err
}

// readLimited reads the named file. It fails if the file has more than limit
// bytes.
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
