// Command edit sets the bio of a profile, on a server of any kind and age.
//
//	MASTO_SERVER=https://social.example MASTO_TOKEN=secret go run ./examples/edit I grow mushrooms
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// setBio sets the bio and returns the one that it replaced. It sends nothing
// else of the profile.
func setBio(ctx context.Context, c *client.Client, bio string) (old string, err error) {
	before, err := c.Profile(ctx)
	if err != nil {
		return "", err
	}
	after := before
	after.Note = bio
	updated, err := c.Update(ctx, masto.Diff(before, after))
	if err != nil {
		return "", err
	}
	if len(updated.Ignored) > 0 {
		return "", fmt.Errorf("the server stored another bio: %q", updated.Profile.Note)
	}
	return before.Note, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := client.New(os.Getenv("MASTO_SERVER"), os.Getenv("MASTO_TOKEN"))
	bio := strings.Join(os.Args[1:], " ")
	old, err := setBio(ctx, c, bio)
	if err != nil {
		log.Fatal(client.TerminalText(err.Error()))
	}
	fmt.Println(client.TerminalText(old), "->", bio)
}
