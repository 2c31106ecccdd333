package masto_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/schema"
)

// Every attribute's comment has the version that added it, as the table of
// attributes says.
func TestCommentsOfAttributes(t *testing.T) {
	structs := map[string]map[string]string{} // by entity and JSON name
	for _, file := range []string{"account.go", "role.go", "profile.go", "field.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				structs[spec.Name.Name] = comments(spec)
			}
			return true
		})
	}
	for _, entity := range schema.Entities() {
		t.Run(entity.Name, func(t *testing.T) {
			own := structs[entity.Name]
			require.NotNil(t, own)
			for _, attribute := range entity.Attributes {
				comment := own[attribute.Name]
				if comment == "" && (entity.Name == "CredentialAccount" || entity.Name == "MutedAccount") {
					comment = structs["Account"][attribute.Name] // the embedded one
				}
				assert.Contains(t, comment, "ince "+attribute.Since, attribute.Name)
			}
		})
	}
}

// comments returns the comments of a struct's fields by their JSON name.
func comments(spec *ast.TypeSpec) map[string]string {
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	found := map[string]string{}
	for _, field := range s.Fields.List {
		if field.Tag != nil {
			name := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json")
			found[name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		}
	}
	return found
}
