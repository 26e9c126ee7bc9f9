package playground_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/adapters/playground"
	"github.com/tillkey/tillkey/policy"
)

type signUp struct {
	Email    string `validate:"required,email"`
	Password string
}

type tagged struct {
	Email    string
	Password string `validate:"shop_password=Email Nothing"`
}

const good = "plum kettle orbit 92 fjord"

func newValidator(t *testing.T, p policy.Policy) *validator.Validate {
	t.Helper()
	v := validator.New()
	require.NoError(t, v.RegisterValidationCtx("shop_password", playground.Tag(p)))
	v.RegisterStructValidationCtx(playground.Struct(p, "Password", "Email"), signUp{})
	return v
}

// codes are the problems that a validation reports, with the texts checked to be
// those of the policy.
func codes(t *testing.T, p policy.Policy, err error, password string, about ...string) (list []string) {
	t.Helper()
	want := p.Preview(password, about...).Problems
	var failed validator.ValidationErrors
	require.ErrorAs(t, err, &failed)
	require.Len(t, failed, len(want))
	for i, f := range failed {
		require.Equal(t, "Password", f.Field())
		require.Equal(t, want[i].Code, f.Tag())
		require.Equal(t, want[i].Text, f.Param())
		require.NotEqual(t, password, f.Value())
		require.NotContains(t, f.Error(), password)
		list = append(list, f.Tag())
	}
	return list
}

func TestStructReportsEveryProblem(t *testing.T) {
	p := policy.ShopCustomer()
	v := newValidator(t, p)
	require.NoError(t, v.StructCtx(t.Context(), signUp{"ada@example.com", good}))
	err := v.StructCtx(t.Context(), signUp{"ada@example.com", "ada@example"})
	require.Equal(t, []string{policy.TooShort, policy.ContainsContext}, codes(t, p, err, "ada@example", "ada@example.com"))
	err = v.StructCtx(t.Context(), &signUp{"bob@example.com", "password"})
	require.Contains(t, codes(t, p, err, "password", "bob@example.com"), policy.TooCommon)
}

func TestTagSaysNo(t *testing.T) {
	v := newValidator(t, policy.ShopCustomer())
	require.NoError(t, v.StructCtx(t.Context(), tagged{"ada@example.com", good}))
	err := v.StructCtx(t.Context(), tagged{"ada@example.com", "password"})
	var failed validator.ValidationErrors
	require.ErrorAs(t, err, &failed)
	require.Len(t, failed, 1)
	require.Equal(t, "shop_password", failed[0].Tag())
	require.Error(t, v.StructCtx(t.Context(), tagged{"plum-kettle-orbit@example.com", "plum-kettle-orbit"}), "made of the address")
}

// awayList cannot be asked.
type awayList struct{}

func (awayList) Seen(context.Context, string) (int, error) { return 0, errors.New("away") }

// TestUnchecked: a list that does not answer is never a yes where the policy
// insists.
func TestUnchecked(t *testing.T) {
	p := policy.ShopCustomer()
	p.Breach, p.Unchecked = []policy.List{awayList{}}, policy.RefuseUnchecked
	v := newValidator(t, p)
	err := v.StructCtx(t.Context(), signUp{"ada@example.com", good})
	var failed validator.ValidationErrors
	require.ErrorAs(t, err, &failed)
	require.Equal(t, playground.Unchecked, failed[0].Tag())
	require.Error(t, v.StructCtx(t.Context(), tagged{"ada@example.com", good}))
}

func ExampleStruct() {
	v := validator.New()
	v.RegisterStructValidationCtx(playground.Struct(policy.ShopCustomer(), "Password", "Email"), signUp{})
	var failed validator.ValidationErrors
	if errors.As(v.StructCtx(context.Background(), signUp{"ada@example.com", "ada@example"}), &failed) {
		for _, f := range failed {
			fmt.Println(f.Field(), f.Tag())
		}
	}
	// Output:
	// Password too_short
	// Password contains_context
}
