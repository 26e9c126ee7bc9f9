package ozzo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	validation "github.com/go-ozzo/ozzo-validation/v4"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/adapters/ozzo"
	"github.com/tillkey/tillkey/policy"
)

type signUp struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func (s *signUp) validate(ctx context.Context, p policy.Policy) error {
	return validation.ValidateStructWithContext(ctx, s,
		validation.Field(&s.Password, ozzo.Password(p, s.Email)))
}

const good = "plum kettle orbit 92 fjord"

func TestPasswordReportsEveryProblem(t *testing.T) {
	p := policy.ShopCustomer()
	form := signUp{"ada@example.com", good}
	require.NoError(t, form.validate(t.Context(), p))

	form.Password = "ada@example"
	err := form.validate(t.Context(), p)
	var fields, all validation.Errors
	require.ErrorAs(t, err, &fields)
	require.ErrorAs(t, fields["password"], &all)
	want := p.Preview(form.Password, form.Email).Problems
	require.Len(t, all, len(want))
	for _, problem := range want {
		var told validation.Error
		require.ErrorAs(t, all[problem.Code], &told)
		require.Equal(t, problem.Code, told.Code())
		require.Equal(t, problem.Text, told.Error())
		require.Equal(t, problem.Params, told.Params())
	}
	text, jsonErr := json.Marshal(err)
	require.NoError(t, jsonErr)
	require.NotContains(t, string(text), form.Password)
}

// TestPasswordOfNothing: an empty field and a missing one have problems, too.
func TestPasswordOfNothing(t *testing.T) {
	rule := ozzo.Password(policy.ShopCustomer())
	require.Error(t, rule.Validate(""))
	require.Error(t, rule.Validate((*string)(nil)))
	p := good
	require.NoError(t, rule.Validate(&p))
	var internal validation.InternalError
	require.ErrorAs(t, rule.Validate(17), &internal)
}

// awayList cannot be asked.
type awayList struct{}

func (awayList) Seen(context.Context, string) (int, error) { return 0, errors.New("away") }

func TestUncheckedIsNoYes(t *testing.T) {
	p := policy.ShopCustomer()
	p.Breach, p.Unchecked = []policy.List{awayList{}}, policy.RefuseUnchecked
	var internal validation.InternalError
	require.ErrorAs(t, ozzo.Password(p).Validate(good), &internal)
	require.ErrorIs(t, internal.InternalError(), policy.ErrUnchecked)
}

func ExamplePassword() {
	form := signUp{"ada@example.com", "ada@example"}
	text, _ := json.MarshalIndent(form.validate(context.Background(), policy.ShopCustomer()), "", "  ")
	fmt.Println(string(text))
	// Output:
	// {
	//   "password": {
	//     "contains_context": "This password is made of your name, your e-mail address or the name of the shop: they are tried first. Choose something else.",
	//     "too_short": "Use at least 15 characters. A few unrelated words in a row are easy to remember."
	//   }
	// }
}
