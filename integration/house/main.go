// Command house measures how legible the code is: how wide comments and code
// are, how long functions are, and how many files the root package has. It
// fails if a figure is over its limit. CONTRIBUTING.md lists the limits.
//
// Links, directives, code samples, tables, the Output blocks of examples, and
// generated files do not count. A tab counts as four columns.
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// The largest values that are allowed.
const (
	commentColumns  = 80
	codeColumns     = 120
	docColumns      = 90 // of a line that go doc prints
	functionLines   = 60
	rootSourceFiles = 27
	rootTestFiles   = 28
)

func main() {
	list := flag.Bool("list", false, "print every place that is over a limit, not only their number")
	flag.Parse()
	r := &report{list: *list}
	if err := r.measure(); err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(2)
	}
	if r.failed {
		os.Exit(1)
	}
}

// report prints the figures and records whether one is over its limit.
type report struct {
	list   bool
	failed bool
}

// figure prints how many places are over a limit, and the places if they are
// wanted.
func (r *report) figure(name string, over []string) {
	fmt.Printf("%-44s %d\n", name, len(over))
	if len(over) == 0 {
		return
	}
	r.failed = true
	if r.list {
		fmt.Println("\t" + strings.Join(over, "\n\t"))
	}
}

// count prints a number of files and its limit.
func (r *report) count(name string, n, limit int) {
	fmt.Printf("%-44s %d of %d\n", name, n, limit)
	r.failed = r.failed || n > limit
}

func (r *report) measure() error {
	files, err := goFiles()
	if err != nil {
		return err
	}
	var comments, code, functions []string
	source, tests := 0, 0
	for _, path := range files {
		if filepath.Dir(path) == "." {
			if strings.HasSuffix(path, "_test.go") {
				tests++
			} else {
				source++
			}
		}
		f, err := readFile(path)
		if err != nil {
			return err
		}
		if f.generated() {
			continue
		}
		wideComments, wideCode := f.wideLines()
		comments = append(comments, wideComments...)
		code = append(code, wideCode...)
		if !strings.HasSuffix(path, "_test.go") {
			functions = append(functions, f.longFunctions()...)
		}
	}
	doc, err := wideDoc()
	if err != nil {
		return err
	}
	r.figure(fmt.Sprintf("comment lines over %d columns", commentColumns), comments)
	r.figure(fmt.Sprintf("code lines over %d columns", codeColumns), code)
	r.figure(fmt.Sprintf("lines of go doc . Account over %d columns", docColumns), doc)
	r.figure(fmt.Sprintf("functions over %d lines without tables", functionLines), functions)
	r.count("source files at the root", source, rootSourceFiles)
	r.count("test files at the root", tests, rootTestFiles)
	return nil
}

// goFiles returns the paths of the Go files that git tracks or would add. The
// command runs in the root of the repository.
func goFiles() ([]string, error) {
	out, err := output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.go")
	if err != nil {
		return nil, err
	}
	var files []string
	for _, path := range strings.Split(strings.TrimRight(out, "\x00"), "\x00") {
		if _, err := os.Stat(path); err == nil {
			files = append(files, path)
		}
	}
	return files, nil
}

// wideDoc returns the lines of "go doc . Account" that are too wide.
func wideDoc() ([]string, error) {
	out, err := output("go", "doc", ".", "Account")
	if err != nil {
		return nil, err
	}
	var wide []string
	for line := range strings.Lines(out) {
		if columns(strings.TrimRight(line, "\n")) > docColumns {
			wide = append(wide, strings.TrimSpace(line))
		}
	}
	return wide, nil
}

// output runs a command and returns what it prints.
func output(name string, args ...string) (string, error) {
	out, err := exec.CommandContext(context.Background(), name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return string(out), nil
}

// file is a parsed Go file.
type file struct {
	path  string
	lines []string
	set   *token.FileSet
	tree  *ast.File
}

func readFile(path string) (*file, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, set: token.NewFileSet()}
	f.tree, err = parser.ParseFile(f.set, path, data, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, len(data)+1)
	for scanner.Scan() {
		f.lines = append(f.lines, scanner.Text())
	}
	return f, scanner.Err()
}

// generated reports whether a comment says that the file is generated.
func (f *file) generated() bool { return ast.IsGenerated(f.tree) }

// line returns the number of the line at pos. The first line is 1.
func (f *file) line(pos token.Pos) int { return f.set.Position(pos).Line }

// wideLines returns the places of the lines that are too wide: lines with
// nothing but a comment, and lines with code.
func (f *file) wideLines() (comments, code []string) {
	const isComment, isExempt = 1, 2
	kind := make([]int, len(f.lines)+2)
	for _, group := range f.tree.Comments {
		exempt := false
		for _, c := range group.List {
			text := c.Text
			exempt = exempt || strings.HasPrefix(text, "// Output:") || strings.HasPrefix(text, "// Unordered output:")
			for n := f.line(c.Pos()); n <= f.line(c.End()); n++ {
				trimmed := strings.TrimSpace(f.lines[n-1])
				if !strings.HasPrefix(trimmed, "//") && n == f.line(c.Pos()) {
					continue // The comment follows code.
				}
				kind[n] = isComment
				if exempt || exemptComment(trimmed) {
					kind[n] = isExempt
				}
			}
		}
	}
	for i, text := range f.lines {
		place := fmt.Sprintf("%s:%d", f.path, i+1)
		switch kind[i+1] {
		case isComment:
			if columns(text) > commentColumns {
				comments = append(comments, place)
			}
		case 0:
			if columns(text) > codeColumns && !exemptCode(strings.TrimSpace(text)) {
				code = append(code, place)
			}
		}
	}
	return comments, code
}

// exemptComment reports whether a comment line may be wide: a link, a
// directive, a code sample or a row of a table.
func exemptComment(line string) bool {
	return strings.Contains(line, "://") || strings.HasPrefix(line, "//go:") || strings.HasPrefix(line, "//nolint") ||
		strings.HasPrefix(line, "//\t") || strings.HasPrefix(line, "// |")
}

// exemptCode reports whether a line of code may be wide: one with a link, or a
// whole row of a table.
func exemptCode(line string) bool {
	opening := strings.IndexByte(line, '{')
	isRow := opening >= 0 && strings.HasSuffix(line, "},") && !strings.ContainsAny(line[:opening], "()=")
	return isRow || strings.Contains(line, "://")
}

// columns returns the width of a line in columns: one for a code point, and
// four for a tab.
func columns(line string) int {
	return utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
}

// longFunctions returns the functions that are too long. The rows of tables in
// them do not count.
func (f *file) longFunctions() []string {
	var long []string
	for _, declaration := range f.tree.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		lines := f.line(function.Body.Rbrace) - f.line(function.Body.Lbrace) - 1
		if lines > functionLines && lines-f.tableLines(function.Body) > functionLines {
			place := fmt.Sprintf("%s:%d", f.path, f.line(function.Pos()))
			long = append(long, fmt.Sprintf("%s: %s has %d lines", place, function.Name.Name, lines))
		}
	}
	return long
}

// tableLines returns how many lines of a body are rows of a table: lines of a
// composite literal, or of a case with a single statement on one line.
func (f *file) tableLines(body *ast.BlockStmt) int {
	rows := map[int]bool{}
	add := func(n ast.Node) {
		for line := f.line(n.Pos()); line <= f.line(n.End()); line++ {
			rows[line] = true
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			add(n)
		case *ast.CaseClause:
			if len(n.Body) == 1 && f.line(n.Body[0].Pos()) == f.line(n.Body[0].End()) {
				add(n)
			}
		}
		return true
	})
	return len(rows)
}
