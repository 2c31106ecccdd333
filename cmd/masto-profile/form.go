package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

const formHead = `# This is your profile on %s.
# Lines that begin with # are comments, but not in your bio.
# A field is a label, an equals sign and a value. Text with special characters is
# in double quotes, with the escapes of a Go string.
# Save the file and close the editor; you are asked before anything is sent.
# Nothing is sent if you change nothing.

`

// bioMark is the line that the bio follows.
const bioMark = "--- your bio, up to the end of the file ---"

// inEditor lets the user edit the profile as text, again and again until it can
// be sent or the user gives up.
func (e *editor) inEditor(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "masto-profile-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "profile.txt")
	written := false
	for {
		err := e.send(ctx, func(d *client.Draft) error {
			if !written { // A later try goes on with the text of the one before.
				text := fmt.Sprintf(formHead, hostOf(e.client)) + formText(&d.Profile)
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					return exit(exitFailed, "%w", err)
				}
				written = true
			}
			return e.editFile(ctx, file, d)
		})
		if err == nil || exitCode(err) != exitRefused || isError[*notStoredError](err) {
			return err
		}
		fmt.Fprintln(e.err, safe(err.Error()))
		if !e.confirm(ctx, "Edit again?") {
			return exit(exitRefused, "nothing was sent")
		}
	}
}

// editFile lets the user edit the form in a file, and reads it into d.
func (e *editor) editFile(ctx context.Context, file string, d *client.Draft) error {
	if err := e.openEditor(ctx, file); err != nil {
		return exit(exitFailed, "%w", err)
	}
	edited, err := readText(file, nil)
	if err != nil {
		return exit(exitFailed, "%w", err)
	}
	after, err := parseForm(edited, d.Profile)
	if err != nil {
		return exit(exitRefused, "%w", err)
	}
	d.Profile = after
	return nil
}

// openEditor runs the user's editor on a file and waits for it. An interrupt is
// left to the editor.
func (e *editor) openEditor(ctx context.Context, file string) error {
	command := strings.Fields(e.env("VISUAL"))
	if len(command) == 0 {
		command = strings.Fields(e.env("EDITOR"))
	}
	if len(command) == 0 {
		command = []string{"vi"}
	}
	command = append(command, file)
	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %s: %w", command[0], err)
	}
	return nil
}

// formLine is a line of the form: an attribute that is a text or a Boolean.
type formLine struct {
	name string
	at   any // *string, *bool or **bool
}

// formLines returns the lines for p in the order of the form.
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

// formText returns p as the text of a form.
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

// quoted returns s in quotes if it could not be read back otherwise, or if it
// contains one of the special characters. Otherwise, it returns s as it is.
func quoted(s, special string) string {
	if s != strings.TrimSpace(s) ||
		strings.HasPrefix(s, `"`) ||
		strings.ContainsAny(s, "\n\r\t"+special) ||
		client.TerminalText(s) != s {
		return strconv.Quote(s)
	}
	return s
}

// unquoted undoes quoted.
func unquoted(s string) (string, error) {
	if s = strings.TrimSpace(s); strings.HasPrefix(s, `"`) {
		return strconv.Unquote(s)
	}
	return s, nil
}

// unixLines removes carriage returns, since editors may add or remove them.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r", "") }

// parseForm returns the profile that an edited form describes. An attribute
// whose line is missing stays as it is in before, but a field whose line is
// missing is removed.
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

// parseLine parses a line of the form into p.
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
			return fmt.Errorf("%s: invalid value %q", name, value)
		}
		return nil
	}
	return fmt.Errorf("unknown attribute %q", name)
}

// parseField parses a label, an equals sign and a value.
func parseField(s string) (masto.Field, error) {
	var label string
	if q, err := strconv.QuotedPrefix(s); err == nil && strings.HasPrefix(s, `"`) {
		label, s = q, s[len(q):]
	}
	before, value, ok := strings.Cut(s, "=")
	if !ok {
		return masto.Field{}, fmt.Errorf("%q has no equals sign after the label", s)
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
