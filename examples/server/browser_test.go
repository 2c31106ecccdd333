package main

import (
	"cmp"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var screenshots = flag.String("screenshots", "", "`folder` to write screenshots of the pages to")

// browser returns the path of a Chromium: that of the environment variable
// CHROMIUM, or the one on the PATH.
func browser(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath(cmp.Or(os.Getenv("CHROMIUM"), "chromium"))
	if err != nil {
		lacks(t, "no browser to look at the page with: %v", err)
	}
	return path
}

// browserTime is how long a test with a browser may take.
const browserTime = 8 * time.Minute

// startBrowser starts a browser without a window, which is stopped at the end
// of the test. Tabs are opened by newTab.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), browserTime)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.UserDataDir(t.TempDir()),
	)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		assert.NoError(t, chromedp.Cancel(ctx)) // It waits until the profile is written.
		stop()
	})
	do(t, ctx)
	return ctx
}

// screen is how a page is looked at. The zero value is a light one of 1280 by
// 900 pixels.
type screen struct {
	width, height int64
	media         string // print, or "" for a screen
	dark          bool
	still         bool // motion is to be reduced
	noScript      bool
}

// newTab opens a tab of a browser.
func newTab(t *testing.T, browser context.Context, s screen) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	scheme, motion := "light", "no-preference"
	if s.dark {
		scheme = "dark"
	}
	if s.still {
		motion = "reduce"
	}
	features := []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: motion},
	}
	do(t, ctx, chromedp.EmulateViewport(cmp.Or(s.width, 1280), cmp.Or(s.height, 900)))
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: s.media, Features: features})
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: s.noScript})
	return ctx
}

// do runs actions in a tab.
func do(t *testing.T, tab context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	require.NoError(t, chromedp.Do(tab, actions...))
}

// call runs a command of the browser's protocol in a tab.
func call[P, R any](t *testing.T, tab context.Context, command cdp.Command[P, R], params P) R {
	t.Helper()
	result, err := chromedp.Call(tab, command, params)
	require.NoError(t, err)
	return result
}

// eval returns the value of a JavaScript expression, or of its promise.
func eval[T any](t *testing.T, tab context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return value
}

// shoot writes a screenshot of the whole page, if any are asked for.
func shoot(t *testing.T, tab context.Context, name string) {
	t.Helper()
	if *screenshots == "" {
		return
	}
	require.NoError(t, os.MkdirAll(*screenshots, 0o750))
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(*screenshots, name+".png"), picture, 0o600))
}

// fits requires that nothing sticks out of the page at its sides.
func fits(t *testing.T, tab context.Context) {
	t.Helper()
	wide := eval[[]string](t, tab, `[...document.querySelectorAll("body *")].filter(e => {
		const r = e.getBoundingClientRect();
		const inside = e.closest(".skip, .invisible, .header, .avatar, .off");
		return r.width > 0 && !inside && (r.right > innerWidth + 1 || r.left < -1);
	}).map(e => e.outerHTML.slice(0, 120))`)
	assert.Empty(t, wide, "sticks out of the page")
	assert.True(t, eval[bool](t, tab, `document.documentElement.scrollWidth <= innerWidth`), "it scrolls sideways")
}

// accessible requires that axe finds nothing wrong with the page.
func accessible(t *testing.T, tab context.Context) {
	t.Helper()
	script, err := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
	if err != nil {
		lacks(t, "axe is not installed, run npm ci in examples/server/testdata/axe: %v", err)
	}
	eval[int](t, tab, string(script)+";0")
	report := eval[struct {
		Passes     int
		Violations []string
	}](t, tab, `axe.run(document).then(r => ({
		Passes: r.passes.length,
		Violations: r.violations.flatMap(v => v.nodes.map(n => [v.impact, v.id, n.html, n.failureSummary].join(" "))),
	}))`)
	assert.Empty(t, report.Violations)
	t.Logf("axe: %d rules passed, %d violations", report.Passes, len(report.Violations))
}
