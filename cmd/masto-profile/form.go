package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
)

const formHead = `# Your profile on %s. Lines that begin with # are notes, up to the line of dashes.
# A field is a label, an equals sign and a value; text with odd characters stands in quotes as in Go.
# Save and leave the editor: you are asked before anything is sent. Leave it as it is to send nothing.

`

// bioMark is what the bio follows.
const bioMark = "--- the bio, until the end of the file ---"

// inEditor lets a person edit a profile as text.
func (e *editor) inEditor(ctx context.Context, before masto.Profile) error {
	folder, err := os.MkdirTemp("", "masto-profile-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // what is left is in the folder of temporary files
	file := filepath.Join(folder, "profile.txt")
	text := fmt.Sprintf(formHead, e.session.base.Host) + formText(&before)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	for {
		if err := e.openEditor(ctx, file); err != nil {
			return err
		}
		edited, err := readText(file, nil)
		if err != nil {
			return err
		}
		after, err := parseForm(edited, before)
		if err == nil {
			err = e.send(ctx, before, after, uploads{})
		} else {
			err = &exitError{exitRefused, err}
		}
		var coded *exitError
		if e.sent || !errors.As(err, &coded) || coded.code != exitRefused {
			return err
		}
		fmt.Fprintln(e.err, safe(err.Error()))
		if !e.confirm(ctx, "Edit again?") {
			return exit(exitRefused, "nothing was sent")
		}
	}
}

// openEditor runs the editor on a file. An interrupt is the editor's to handle.
func (e *editor) openEditor(ctx context.Context, file string) error {
	command := strings.Fields(e.env("VISUAL"))
	if len(command) == 0 {
		command = strings.Fields(e.env("EDITOR"))
	}
	if len(command) == 0 {
		command = []string{"vi"}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], append(command[1:], file)...) //nolint:gosec // it is the person's own editor
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the editor %s: %w", command[0], err)
	}
	return nil
}

// formLine is a line of the form: an attribute that is text or Boolean.
type formLine struct {
	name string
	at   any // *string, *bool or **bool
}

// formLines are those of p, in the order of the form.
func formLines(p *masto.Profile) []formLine {
	return []formLine{
		{"display_name", &p.DisplayName},
		{"avatar_description", &p.AvatarDescription},
		{"header_description", &p.HeaderDescription},
		{"locked", &p.Locked},
		{"bot", &p.Bot},
		{"discoverable", &p.Discoverable},
		{"hide_collections", &p.HideCollections},
		{"indexable", &p.Indexable},
		{"show_media", &p.ShowMedia},
		{"show_media_replies", &p.ShowMediaReplies},
		{"show_featured", &p.ShowFeatured},
	}
}

// formText returns p as text that a person can edit.
func formText(p *masto.Profile) string {
	var b strings.Builder
	for _, l := range formLines(p) {
		value := ""
		switch at := l.at.(type) {
		case *string:
			value = quoted(*at, "")
		case *bool:
			value = strconv.FormatBool(*at)
		case **bool:
			value = nullableText(*at)
		}
		b.WriteString(strings.TrimRight(l.name+": "+value, " ") + "\n")
	}
	b.WriteString(strings.TrimRight("attribution_domains: "+strings.Join(p.AttributionDomains, ", "), " ") + "\n\n")
	for _, f := range p.Fields {
		b.WriteString(strings.TrimRight("field: "+quoted(f.Name, "=")+" = "+quoted(f.Value, ""), " ") + "\n")
	}
	b.WriteString(bioMark + "\n" + unixLines(p.Note))
	if p.Note != "" {
		b.WriteByte('\n')
	}
	return b.String()
}

// quoted returns s as it is, or in quotes if it would not be read back so, or has one of special.
func quoted(s, special string) string {
	if s != strings.TrimSpace(s) || strings.HasPrefix(s, `"`) || strings.ContainsAny(s, "\n\r\t"+special) || masto.TerminalText(s) != s {
		return strconv.Quote(s)
	}
	return s
}

// unquoted is the opposite of quoted.
func unquoted(s string) (string, error) {
	if s = strings.TrimSpace(s); strings.HasPrefix(s, `"`) {
		return strconv.Unquote(s)
	}
	return s, nil
}

// unixLines drops carriage returns, which editors add and remove as they like.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r", "") }

// parseForm reads what a person made of formText(&before). What has no line stays as it was, but fields go with their lines.
func parseForm(text string, before masto.Profile) (masto.Profile, error) {
	after := before
	after.Fields = nil
	head, note, ok := strings.Cut(unixLines(text)+"\n", "\n"+bioMark+"\n")
	if !ok {
		return after, fmt.Errorf("the line %q is missing", bioMark)
	}
	if note = strings.Trim(note, "\n"); note != strings.Trim(unixLines(before.Note), "\n") {
		after.Note = note
	}
	for i, l := range strings.Split(head, "\n") {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if err := parseLine(l, &after); err != nil {
			return after, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return after, nil
}

// parseLine reads one line into p.
func parseLine(l string, p *masto.Profile) error {
	name, value, ok := strings.Cut(l, ":")
	if !ok {
		return fmt.Errorf("%q has no colon", l)
	}
	value = strings.TrimSpace(value)
	switch name {
	case "field":
		f, err := parseField(value)
		p.Fields = append(p.Fields, f)
		return err
	case "attribution_domains":
		p.AttributionDomains = splitList(value)
		return nil
	}
	for _, known := range formLines(p) {
		if known.name != name {
			continue
		}
		var err error
		switch at := known.at.(type) {
		case *string:
			*at, err = unquoted(value)
		case *bool:
			*at, err = strconv.ParseBool(value)
		case **bool:
			*at, err = parseNullable(value)
		}
		if err != nil {
			return fmt.Errorf("%s: %q is not understood", name, value)
		}
		return nil
	}
	return fmt.Errorf("there is no attribute %q", name)
}

// parseField reads a label and a value.
func parseField(s string) (masto.Field, error) {
	var label string
	if q, err := strconv.QuotedPrefix(s); err == nil && strings.HasPrefix(s, `"`) {
		label, s = q, s[len(q):]
	}
	before, value, ok := strings.Cut(s, "=")
	if !ok {
		return masto.Field{}, fmt.Errorf("%q: an equals sign belongs between label and value", s)
	}
	label += strings.TrimSpace(before)
	name, err := unquoted(label)
	if err != nil {
		return masto.Field{}, fmt.Errorf("%s: %w", label, err)
	}
	if value, err = unquoted(value); err != nil {
		return masto.Field{}, fmt.Errorf("%s: %w", value, err)
	}
	return masto.Field{Name: name, Value: value}, nil
}
