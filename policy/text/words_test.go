package text

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// No language lacks a text, no counted text lacks a form that its language has,
// and none has a form that nobody would ever see.
func TestNoWordIsMissing(t *testing.T) {
	for _, s := range speakers() {
		has := forms(s.tag)
		words := reflect.ValueOf(s.words())
		for i := range words.NumField() {
			name := s.tag.String() + " " + words.Type().Field(i).Name
			switch field := words.Field(i); field.Kind() {
			case reflect.String:
				require.NotEmpty(t, field.String(), name)
			default:
				if field.Type() == reflect.TypeFor[parts]() {
					for part := range field.NumField() {
						require.NotEmpty(t, field.Field(part).String(), name)
					}
					continue
				}
				c := counted{field.Field(0).String(), field.Field(1).String(), field.Field(2).String(), field.Field(3).String()}
				require.NotEmpty(t, c.other, name)
				require.Contains(t, c.other, "{n}", name)
				if c == always(c.other) {
					continue
				}
				require.Equal(t, has[plural.One], c.one != "", name)
				require.Equal(t, has[plural.Few], c.few != "", name)
				require.True(t, has[plural.Many] || c.many == "", name)
			}
		}
	}
}

// Polish texts tell few from many: no form may be left to the general one.
func TestPolishHasAllForms(t *testing.T) {
	words := reflect.ValueOf(polish())
	for i := range words.NumField() {
		if field := words.Field(i); field.Kind() == reflect.Struct {
			for form := range field.NumField() {
				require.NotEmpty(t, field.Field(form).String(), words.Type().Field(i).Name)
			}
		}
	}
}

// forms are the forms of whole numbers that a language has, below what a policy
// counts.
func forms(tag language.Tag) map[plural.Form]bool {
	has := map[plural.Form]bool{}
	for n := range 5000 {
		has[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
	}
	return has
}
