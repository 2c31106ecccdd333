package integration

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

var update = flag.Bool("update", false, "rewrite the files in testdata/surface")

// modulePath is the path of the root module, which ends in the name of the
// root package.
const modulePath = "github.com/seed-374a2035/masto"

// TestSurface compares the exported declarations of each public package with
// a file in testdata/surface, so that a review shows every change of them.
// With -update it rewrites the files.
func TestSurface(t *testing.T) {
	pkgs := publicPackages(t)
	var files []string
	for _, pkg := range pkgs {
		name := strings.ReplaceAll(strings.TrimPrefix(pkg.PkgPath, filepath.Dir(modulePath)+"/"), "/", "_") + ".txt"
		files = append(files, name)
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "surface", name)
			got := surface(pkg.Types)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
				return
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("the exported declarations changed; where that is meant, run "+
					"go test ./integration -run TestSurface -update\n%s", d)
			}
		})
	}
	stored, err := filepath.Glob(filepath.Join("testdata", "surface", "*.txt"))
	require.NoError(t, err)
	for _, path := range stored {
		if !slices.Contains(files, filepath.Base(path)) {
			t.Errorf("%s belongs to no public package: delete it", path)
		}
	}
}

// publicPackages loads the packages that others can import: those of the root
// module and of the nested modules that are made to be embedded.
func publicPackages(t *testing.T) []*packages.Package {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
	}, modulePath+"/...")
	require.NoError(t, err)
	pkgs := slices.DeleteFunc(loaded, func(p *packages.Package) bool { return !isPublic(p) })
	require.NotEmpty(t, pkgs)
	for _, p := range pkgs {
		require.Empty(t, p.Errors, p.PkgPath)
	}
	return pkgs
}

// isPublic reports whether others can import p. Programs, internal packages
// and the modules of tests, examples and benchmarks are for this repository.
func isPublic(p *packages.Package) bool {
	if p.Name == "main" {
		return false
	}
	for _, part := range strings.Split(strings.TrimPrefix(p.PkgPath, modulePath), "/") {
		switch part {
		case "internal", "testdata", "examples", "integration", "benchmarks":
			return false
		}
	}
	return true
}

// surface returns a line for each exported declaration of a package: names,
// signatures, values of constants, fields with their tags, and methods, those
// of embedded types as well.
func surface(pkg *types.Package) string {
	qualifier := types.RelativeTo(pkg)
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", pkg.Path())
	for _, name := range pkg.Scope().Names() { // sorted
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.TypeName:
			typeSurface(&b, object, qualifier)
		case *types.Const:
			fmt.Fprintf(&b, "%s = %s\n", types.ObjectString(object, qualifier), object.Val().ExactString())
		default:
			fmt.Fprintln(&b, types.ObjectString(object, qualifier))
		}
	}
	return b.String()
}

// typeSurface writes a type: a struct field by field, and only the exported
// ones, any other type as it is declared.
func typeSurface(b *strings.Builder, name *types.TypeName, qualifier types.Qualifier) {
	structure, ok := name.Type().Underlying().(*types.Struct)
	if !ok {
		fmt.Fprintln(b, types.ObjectString(name, qualifier))
	} else {
		// The type parameters stand in the type, after its package and name.
		fmt.Fprintf(b, "type %s struct\n", types.TypeString(name.Type(), qualifier))
		for i := range structure.NumFields() {
			field := structure.Field(i)
			if !field.Exported() {
				continue
			}
			fmt.Fprintf(b, "\t%s.%s %s%s%s\n", name.Name(), field.Name(), types.TypeString(field.Type(), qualifier),
				embeddedNote(field), tagNote(structure.Tag(i)))
		}
	}
	if types.IsInterface(name.Type()) {
		return
	}
	methods := types.NewMethodSet(types.NewPointer(name.Type()))
	for i := range methods.Len() {
		if method := methods.At(i).Obj(); method.Exported() {
			fmt.Fprintf(b, "\t%s\n", types.ObjectString(method, qualifier))
		}
	}
}

// embeddedNote marks a field whose members are promoted.
func embeddedNote(field *types.Var) string {
	if field.Embedded() {
		return " embedded"
	}
	return ""
}

// tagNote quotes a tag, if there is one.
func tagNote(tag string) string {
	if tag == "" {
		return ""
	}
	return " `" + string(reflect.StructTag(tag)) + "`"
}
