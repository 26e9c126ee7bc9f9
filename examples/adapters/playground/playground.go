// Package playground checks passwords by a Tillkey policy inside
// github.com/go-playground/validator. Copy it.
package playground

import (
	"context"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/tillkey/tillkey/policy"
)

// Tag is a yes or no for one field, for shops that show one message a field:
//
//	err := v.RegisterValidationCtx("shop_password", playground.Tag(policy.ShopCustomer()))
//
//	Password string `validate:"shop_password=Email Name"`
//
// The names after the = are fields of the same struct that the password must not
// be made of. No is also the answer where a breach list could not be asked and
// the policy insists. Validate with StructCtx, or the lists have no deadline.
//
// The FieldError of a tag holds the password in Value: never log it. [Struct]
// tells every problem, and holds none.
func Tag(p policy.Policy) validator.FuncCtx {
	return func(ctx context.Context, field validator.FieldLevel) bool {
		var about []string
		for _, name := range strings.Fields(field.Param()) {
			about = append(about, text(field.Parent(), name))
		}
		verdict, err := p.Check(ctx, field.Field().String(), about...)
		return err == nil && verdict.Err() == nil
	}
}

// Unchecked is the tag that is reported where the password could not be judged:
// a breach list did not answer in time, and the policy insists. Ask the customer
// to try again in a moment.
const Unchecked = "unchecked"

// Struct reports every problem of a password at once, each as a FieldError whose
// Tag is the code of the problem and whose Param is its text for the customer:
//
//	v.RegisterStructValidationCtx(playground.Struct(policy.ShopCustomer(), "Password", "Email", "Name"), SignUp{})
//
// password and about name fields of the struct. Register it before the first
// use of v: later the validator ignores it.
func Struct(p policy.Policy, password string, about ...string) validator.StructLevelFuncCtx {
	return func(ctx context.Context, level validator.StructLevel) {
		words := make([]string, len(about))
		for i, name := range about {
			words[i] = text(level.Current(), name)
		}
		verdict, err := p.Check(ctx, text(level.Current(), password), words...)
		for _, problem := range verdict.Problems {
			// The first argument ends up in FieldError.Value, so it is not the password.
			level.ReportError("", password, password, problem.Code, problem.Text)
		}
		if err != nil {
			level.ReportError("", password, password, Unchecked, "")
		}
	}
}

// text reads a field of a struct; "" if it is not a text.
func text(of reflect.Value, field string) string {
	of = reflect.Indirect(of)
	if of.Kind() != reflect.Struct {
		return ""
	}
	if f := of.FieldByName(field); f.Kind() == reflect.String {
		return f.String()
	}
	return ""
}
