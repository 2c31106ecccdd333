package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/schema"
)

// Each attribute of each entity has one name, in its tag, in the encoder and in
// the decoder: setting it alone changes that one member, and comes back. A new
// struct field without its tag, or its line in encode.go or decode.go, fails
// here.
func TestEveryAttributeHasItsName(t *testing.T) {
	for _, e := range entities() {
		typ := reflect.TypeOf(e).Elem()
		zero := decode[map[string]json.RawMessage](marshal(e))
		for _, field := range reflect.VisibleFields(typ) {
			if field.Anonymous || field.Name == "Extra" {
				continue
			}
			t.Run(typ.Name()+"."+field.Name, func(t *testing.T) {
				v := reflect.New(typ)
				v.Elem().FieldByIndex(field.Index).Set(nonZero(field.Type, 1))
				data := marshal(asEntity(v))
				var changed []string
				for name, value := range decode[map[string]json.RawMessage](data) {
					if before, ok := zero[name]; !ok || string(before) != string(value) {
						changed = append(changed, name)
					}
				}
				want := []string{field.Tag.Get("json")}
				if field.Name == "FormattedFields" {
					want = append(want, "formatted_note") // the two come together
				}
				assert.ElementsMatch(t, want, changed, "members that the encoder changed")
				back := reflect.New(typ)
				require.NoError(t, asEntity(back).UnmarshalJSON(data))
				set := v.Elem().FieldByIndex(field.Index).Interface()
				decoded := canonical(back).Elem().FieldByIndex(field.Index).Interface()
				assert.Empty(t, cmp.Diff(set, decoded), "decoded")
			})
		}
	}
}

// The table behind docs/attributes.md and the package check has the members
// that the encoder writes, in their order.
func TestSchemaIsWhatIsEncoded(t *testing.T) {
	all := schema.Entities()
	require.Len(t, all, len(entities()))
	for _, e := range all {
		v := reflect.ValueOf(newEntity(t, e.Name)).Elem()
		v.Set(nonZero(v.Type(), 1))
		if moved := v.FieldByName("Moved"); moved.IsValid() {
			moved.Set(reflect.New(moved.Type().Elem()))
		}
		var written, listed []string
		d := json.NewDecoder(bytes.NewReader(marshal(asEntity(v.Addr()))))
		_, err := d.Token()
		require.NoError(t, err)
		for d.More() {
			name, err := d.Token()
			require.NoError(t, err)
			written = append(written, fmt.Sprint(name))
			var value json.RawMessage
			require.NoError(t, d.Decode(&value))
		}
		for _, a := range e.Attributes {
			listed = append(listed, a.Name)
		}
		assert.Equal(t, written, listed, e.Name)
	}
}

// The constants for the words of an attribute are those that the table lists.
func TestConstantsAreTheWordsOfTheSchema(t *testing.T) {
	for _, tt := range []struct {
		entity    string
		attribute string
		want      []string
	}{
		{
			entity:    "Source",
			attribute: "privacy",
			want: []string{
				masto.PrivacyPublic,
				masto.PrivacyUnlisted,
				masto.PrivacyPrivate,
				masto.PrivacyDirect,
			},
		},
		{
			entity:    "Source",
			attribute: "quote_policy",
			want: []string{
				masto.QuotePublic,
				masto.QuoteFollowers,
				masto.QuoteNobody,
			},
		},
		{
			entity:    "FeatureApproval",
			attribute: "current_user",
			want: []string{
				masto.FeatureAutomatic,
				masto.FeatureManual,
				masto.FeatureDenied,
				masto.FeatureUnknown,
				masto.FeatureMissing,
			},
		},
	} {
		t.Run(tt.attribute, func(t *testing.T) {
			for _, e := range schema.Entities() {
				for _, a := range e.Attributes {
					if e.Name == tt.entity && a.Name == tt.attribute {
						assert.Equal(t, tt.want, a.Words)
						return
					}
				}
			}
			t.Error("the table has no such attribute")
		})
	}
}

// canonical makes the empty lists in v nil, as a decoder makes some of the ones
// that are nil empty, and returns v.
func canonical(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			canonical(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				canonical(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Len() == 0 && v.CanSet() {
			v.SetZero()
		}
		for i := range v.Len() {
			canonical(v.Index(i))
		}
	}
	return v
}

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
