package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

const copyHelp = `masto-profile copy [flags] FROM

copies a profile to your account, for people who move between servers. FROM is a
server that you are logged in to as well, or the address of any account. What your
server has no room for is cut, and what it does not take is left out; both are
shown, and you are asked before anything is sent.

  masto-profile copy old.example -server new.example
  masto-profile copy @alice@old.example
`

// copy copies a profile from another server.
func (p *program) copy(ctx context.Context, args []string) error {
	f := flags("copy")
	e := p.defineEditor(f)
	fromToken := f.String("from-token-file", "", "`file` with an access token for FROM")
	noPictures := f.Bool("no-pictures", false, "leave the avatar and the header as they are")
	if err := p.parse(f, copyHelp, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return exit(exitUsage, "copy takes a server or the address of an account")
	}
	from, theirs, err := p.source(ctx, f.Arg(0), *fromToken)
	if err != nil {
		return err
	}
	if err := e.open(ctx); err != nil {
		return err
	}
	return e.send(ctx, func(d *client.Draft) error {
		if err := e.take(ctx, d, theirs); err != nil || *noPictures {
			return err
		}
		return e.takePictures(ctx, d, from, theirs)
	})
}

// source returns the profile that is copied, and a client of its server.
func (p *program) source(ctx context.Context, from, tokenFile string) (*client.Client, masto.Profile, error) {
	acct := strings.TrimPrefix(from, "@")
	if name, server, isAccount := strings.Cut(acct, "@"); isAccount {
		c := p.newClient(server, "")
		a, err := c.Lookup(ctx, name)
		if err != nil {
			return nil, masto.Profile{}, fromServer(err)
		}
		return c, (&masto.CredentialAccount{Account: *a}).EditableProfile(), nil
	}
	token, err := p.storedToken(ctx, from)
	if tokenFile != "" {
		var data []byte
		data, err = readPrivate(tokenFile)
		token = strings.TrimSpace(string(data))
	}
	if err != nil {
		return nil, masto.Profile{}, err
	}
	if token == "" {
		return nil, masto.Profile{}, exit(exitUsage, "there is no access token for %s: run masto-profile login %s, "+
			"or name the account, such as @alice@%s", from, from, from)
	}
	c := p.newClient(from, token)
	profile, err := c.Profile(ctx)
	return c, profile, fromServer(err)
}

// copied are the attributes that are copied, but for the pictures.
var copied = []struct {
	name string
	copy func(to, from *masto.Profile)
}{
	{"display_name", func(to, from *masto.Profile) { to.DisplayName = from.DisplayName }},
	{"note", func(to, from *masto.Profile) { to.Note = from.Note }},
	{"avatar_description", func(to, from *masto.Profile) { to.AvatarDescription = from.AvatarDescription }},
	{"header_description", func(to, from *masto.Profile) { to.HeaderDescription = from.HeaderDescription }},
	{"locked", func(to, from *masto.Profile) { to.Locked = from.Locked }},
	{"bot", func(to, from *masto.Profile) { to.Bot = from.Bot }},
	{"discoverable", func(to, from *masto.Profile) { to.Discoverable = from.Discoverable }},
	{"hide_collections", func(to, from *masto.Profile) { to.HideCollections = from.HideCollections }},
	{"indexable", func(to, from *masto.Profile) { to.Indexable = from.Indexable }},
	{"show_media", func(to, from *masto.Profile) { to.ShowMedia = from.ShowMedia }},
	{"show_media_replies", func(to, from *masto.Profile) { to.ShowMediaReplies = from.ShowMediaReplies }},
	{"show_featured", func(to, from *masto.Profile) { to.ShowFeatured = from.ShowFeatured }},
	{"attribution_domains", func(to, from *masto.Profile) { to.AttributionDomains = from.AttributionDomains }},
	{"fields_attributes", func(to, from *masto.Profile) { to.Fields = from.Fields }},
}

// take copies what the server takes and has room for, and says what is left
// out.
func (e *editor) take(ctx context.Context, d *client.Draft, theirs masto.Profile) error {
	i, err := e.client.Instance(ctx)
	if err != nil {
		return fromServer(err)
	}
	fitted, cuts := client.Fit(theirs, i.Limits)
	before, wanted := d.Profile, d.Profile
	for _, a := range copied {
		a.copy(&wanted, &fitted)
	}
	left := i.Unsupported(masto.Diff(before, wanted))
	for _, a := range copied {
		if !slices.Contains(left, a.name) {
			a.copy(&d.Profile, &fitted)
		}
	}
	for _, c := range cuts {
		fmt.Fprintf(e.err, "! %s: cut: %s\n", c.Attribute, line(c.Lost))
	}
	for _, name := range left {
		fmt.Fprintf(e.err, "! %s: left out: the server does not take it\n", name)
	}
	return nil
}

// takePictures copies the pictures that differ from what the server has.
func (e *editor) takePictures(ctx context.Context, d *client.Draft, from *client.Client, theirs masto.Profile) error {
	for _, picture := range []struct {
		address string
		to      **masto.Upload
	}{
		{theirs.Avatar, &d.NewAvatar},
		{theirs.Header, &d.NewHeader},
	} {
		if picture.address == "" {
			continue
		}
		upload, err := from.Picture(ctx, picture.address)
		if err != nil {
			return exit(exitServer, "%w (copy -no-pictures leaves the pictures as they are)", err)
		}
		*picture.to = upload
	}
	return nil
}
