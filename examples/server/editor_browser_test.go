package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// signIn opens the editor in a tab, and signs in.
func (s *session) signIn(t *testing.T, tab context.Context, query string) {
	t.Helper()
	do(t, tab,
		chromedp.Navigate(s.base+editorPath+query),
		chromedp.SendKeys(chromedp.CSS("#token"), s.token+"\n"),
		chromedp.WaitVisible(chromedp.CSS("#editor")),
	)
}

// reopen opens the editor in a tab that has signed in.
func (s *session) reopen(t *testing.T, tab context.Context) {
	t.Helper()
	do(t, tab, chromedp.Navigate(s.base+editorPath), chromedp.WaitVisible(chromedp.CSS("#editor")))
}

// waitFor waits until a JavaScript expression is true, on another page perhaps.
func waitFor(t *testing.T, tab context.Context, expression string) {
	t.Helper()
	require.Eventually(t, func() bool {
		is, err := chromedp.Run(tab, chromedp.Evaluate[bool]("!!("+expression+")"))
		return err == nil && is // It fails between two pages.
	}, time.Minute, 20*time.Millisecond, expression)
}

// typed replaces the text of an input by what is typed.
func typed(t *testing.T, tab context.Context, selector, text string) {
	t.Helper()
	do(t, tab, chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// tabTo presses the tab key until an element has the focus.
func tabTo(t *testing.T, tab context.Context, selector string) {
	t.Helper()
	for range 80 {
		if eval[bool](t, tab, `document.activeElement.matches("`+selector+`")`) {
			return
		}
		do(t, tab, chromedp.KeyEvent(kb.Tab))
	}
	t.Fatalf("no way to %s by the keyboard", selector)
}

// textOf returns the text of an element by its id.
func textOf(t *testing.T, tab context.Context, id string) string {
	t.Helper()
	return eval[string](t, tab, `document.getElementById("`+id+`").textContent`)
}

// saves runs an action that saves the form, and waits for the next page, which
// says that it is saved.
func saves(t *testing.T, tab context.Context, action chromedp.Action[chromedp.Void]) {
	t.Helper()
	eval[int](t, tab, `document.body.dataset.before = 1`)
	do(t, tab, action)
	waitFor(t, tab, `!document.body.dataset.before && document.querySelector(".notice.done")`)
}

// TestEditorInBrowser looks at the editor on all kinds of screens.
func TestEditorInBrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	s := startShowcase(t)
	for _, tt := range []struct {
		name   string
		query  string
		screen screen
	}{
		{name: "light"},
		{name: "dark", screen: screen{dark: true}},
		{name: "320", screen: screen{width: 320, height: 640}, query: "?lang=de"},
		{name: "4k", screen: screen{width: 3840, height: 2160}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tab := newTab(t, browser, tt.screen)
			do(t, tab, chromedp.Navigate(s.base+editorPath+tt.query))
			accessible(t, tab)
			shoot(t, tab, "signin-"+tt.name)
			s.signIn(t, tab, tt.query)
			fits(t, tab)
			accessible(t, tab)
			shoot(t, tab, "editor-"+tt.name)
			do(t, tab, chromedp.Click(chromedp.CSS("header form button")), chromedp.WaitVisible(chromedp.CSS("#token")))
		})
	}
}

// TestEditingInBrowser edits a profile as people do.
func TestEditingInBrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	s := startShowcase(t)
	var rows []param // one fewer than the limit, so that one can be added
	for i, name := range []string{"Documentation", "Pronouns", "Favorite"} {
		rows = append(rows,
			text(fmt.Sprintf("fields_attributes[%d][name]", i), name),
			text(fmt.Sprintf("fields_attributes[%d][value]", i), "value"),
		)
	}
	require.Equal(t, 200, s.patch(t, "/api/v1/profile", "form", rows...).status)
	tab := newTab(t, browser, screen{})
	s.signIn(t, tab, "")
	for _, step := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"typing", func(t *testing.T) {
			typed(t, tab, "#display_name", "Ada <b> :spore:")
			waitFor(t, tab, `document.querySelector("#preview .name").textContent.startsWith("Ada <b>")`)
			waitFor(t, tab, `document.querySelector("#preview .name img[alt=':spore:']")`)
			waitFor(t, tab, `document.getElementById("display_name-count").textContent === "15 / 40"`)
			typed(t, tab, "#display_name", strings.Repeat("long ", 9))
			waitFor(t, tab, `document.getElementById("display_name-count").matches(".over")`)
			waitFor(t, tab, `document.getElementById("status").textContent === "This is too long to be saved."`)
			accessible(t, tab)
			shoot(t, tab, "editing-over")
		}},
		{"findings", func(t *testing.T) {
			do(t, tab, chromedp.Click(chromedp.CSS("#save")))
			waitFor(t, tab, `document.activeElement.id === "display_name"`)
			assert.Equal(t, "true", eval[string](t, tab, `document.activeElement.getAttribute("aria-invalid")`))
			assert.Contains(t, textOf(t, tab, "display_name-problem"), "too long")
			shoot(t, tab, "editing-findings")
		}},
		{"a guard of what is not saved", func(t *testing.T) {
			opened, err := chromedp.Run(tab, chromedp.WaitEvent(page.JavascriptDialogOpening, nil,
				chromedp.Evaluate[chromedp.Void](`setTimeout(() => location.assign("/"))`)))
			require.NoError(t, err)
			assert.Equal(t, page.DialogTypeBeforeunload, opened.Type)
			call(t, tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			waitFor(t, tab, `location.pathname === "/"`)
		}},
		{"the keyboard alone", func(t *testing.T) {
			s.reopen(t, tab)
			tabTo(t, tab, "[data-index='0'] [data-do=down]")
			do(t, tab, chromedp.KeyEvent(kb.Enter))
			assert.Equal(t, "Moved to row 2.", textOf(t, tab, "status"))
			tabTo(t, tab, "#add-row")
			for _, keys := range []string{kb.Enter, "Fourth", kb.Tab, "row"} {
				do(t, tab, chromedp.KeyEvent(keys))
			}
			tabTo(t, tab, "#save")
			saves(t, tab, chromedp.KeyEvent(kb.Enter))
			assert.Equal(t, []string{"Pronouns", "Documentation", "Favorite", "Fourth"}, s.labels(t))
		}},
		{"the mouse", func(t *testing.T) {
			do(t, tab,
				chromedp.Click(chromedp.CSS("[data-index='3'] [data-do=remove]")),
				chromedp.DragAndDrop(
					chromedp.CSS("[data-index='2'] .handle-bar"),
					chromedp.CSS("[data-index='0'] label"),
				),
			)
			waitFor(t, tab, `document.getElementById("name-0").value === "Favorite"`)
			saves(t, tab, chromedp.Click(chromedp.CSS("#save")))
			assert.Equal(t, []string{"Favorite", "Pronouns", "Documentation"}, s.labels(t))
		}},
		{"an upload", func(t *testing.T) {
			picture, err := demoFiles.ReadFile("demo/bot.jpg")
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "picture.jpg")
			require.NoError(t, os.WriteFile(path, picture, 0o600))
			do(t, tab,
				chromedp.Clear(chromedp.CSS("#avatar_description")),
				chromedp.SetUploadFiles(chromedp.CSS("#avatar"), []string{path}),
			)
			waitFor(t, tab, `document.querySelector("#preview .avatar img").src.startsWith("blob:")`)
			assert.Equal(t, "avatar_description", eval[string](t, tab, `document.activeElement.id`), "it is asked for")
			assert.Contains(t, textOf(t, tab, "avatar-problem"), "describe")
			waitFor(t, tab, `document.querySelector("#preview .avatar img").naturalWidth === 400`)
			shoot(t, tab, "editing-upload")
			do(t, tab, chromedp.KeyEvent("A robot"))
			saves(t, tab, chromedp.Click(chromedp.CSS("#save")))
			p := s.profile(t)
			assert.Equal(t, "A robot", p["avatar_description"])
		}},
		{"a conflict", func(t *testing.T) {
			require.Equal(t, 200, s.patch(t, "/api/v1/profile", "form", text("note", "From another window.")).status)
			typed(t, tab, "#note", "From this window.")
			do(t, tab, chromedp.Click(chromedp.CSS("#save")))
			waitFor(t, tab, `document.querySelector(".theirs")`)
			assert.Equal(t, "From another window.", s.profile(t)["note"])
			assert.Equal(t, "From this window.", eval[string](t, tab, `document.getElementById("note").value`))
			accessible(t, tab)
			shoot(t, tab, "editing-conflict")
			saves(t, tab, chromedp.Click(chromedp.CSS("#save")))
			assert.Equal(t, "From this window.", s.profile(t)["note"])
		}},
		{"no script", func(t *testing.T) {
			plain := newTab(t, browser, screen{noScript: true})
			do(t, plain,
				chromedp.Navigate(s.base+editorPath), // The cookie is the browser's.
				chromedp.WaitVisible(chromedp.CSS("#editor")),
				chromedp.SendKeys(chromedp.CSS("#note"), " Without a script."),
			)
			shoot(t, plain, "editing-plain")
			do(t, plain,
				chromedp.Click(chromedp.CSS("[data-index='0'] [data-do=down]")),
				chromedp.WaitVisible(chromedp.CSS("form[data-unsaved]")),
				chromedp.SendKeys(chromedp.CSS("#display_name"), "!\n"), // Enter saves, too.
				chromedp.WaitVisible(chromedp.CSS(".notice.done")),
			)
			assert.Contains(t, s.profile(t)["note"], "Without a script.")
			assert.Contains(t, s.profile(t)["display_name"], "!")
			assert.Equal(t, []string{"Pronouns", "Favorite", "Documentation"}, s.labels(t))
		}},
	} {
		require.True(t, t.Run(step.name, step.run), "the next step begins where this one ends")
	}
}

// labels returns the names of the fields.
func (s *session) labels(t *testing.T) []string {
	t.Helper()
	var p masto.Profile
	require.NoError(t, p.UnmarshalJSON([]byte(s.get(t, "/api/v1/profile").body)))
	var names []string
	for _, f := range p.Fields {
		names = append(names, f.Name)
	}
	return names
}
