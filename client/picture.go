package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"

	"github.com/seed-374a2035/masto"
)

// maxPicture is how many bytes of a picture are read: more than any server
// takes.
const maxPicture = 64 << 20

// Picture fetches a picture by its address, as an Account has it, for an upload
// to another server. The address may be on any host, and is asked without the
// token. Only https addresses and those of this machine are asked.
func (c *Client) Picture(ctx context.Context, address string) (*masto.Upload, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("%w of a picture: %q", ErrAddress, address)
	}
	media := &Client{
		HTTP:      c.HTTP,
		UserAgent: c.UserAgent,
		Timeout:   orDefault(c.UploadTimeout, defaultUploadTimeout),
		MaxAnswer: maxPicture,
		base:      &url.URL{Scheme: u.Scheme, Host: u.Host},
	}
	a, err := media.send(ctx, request{method: http.MethodGet, path: u.RequestURI()})
	if err == nil && a.status != http.StatusOK {
		err = DecodeAPIError(a.status, a.header, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", address, err)
	}
	return &masto.Upload{
		Filename:    path.Base(u.Path),
		ContentType: a.header.Get("Content-Type"),
		Data:        a.body,
	}, nil
}
