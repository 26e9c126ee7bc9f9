// Package ozzo checks passwords by a Tillkey policy inside
// github.com/go-ozzo/ozzo-validation. Copy it.
package ozzo

import (
	"context"
	"errors"

	validation "github.com/go-ozzo/ozzo-validation/v4"

	"github.com/tillkey/tillkey/policy"
)

// Password is a rule for a field:
//
//	validation.ValidateStructWithContext(ctx, &form,
//		validation.Field(&form.Password, ozzo.Password(policy.ShopCustomer(), form.Email)))
//
// about are words that the password must not be made of.
//
// It reports all problems at once, as validation.Errors by their codes; each is
// a validation.Error with the code, the text and the parameters of the problem.
// Where the password could not be judged, since a breach list did not answer and
// the policy insists, it is a validation.InternalError: ask the customer to try
// again in a moment.
func Password(p policy.Policy, about ...string) Rule {
	return Rule{p, about}
}

// Rule is a validation.Rule and a validation.RuleWithContext; see [Password].
type Rule struct {
	policy policy.Policy
	about  []string
}

// Validate implements validation.Rule, for who has no context.
func (r Rule) Validate(value any) error {
	return r.ValidateWithContext(context.Background(), value)
}

// ValidateWithContext implements validation.RuleWithContext.
func (r Rule) ValidateWithContext(ctx context.Context, value any) error {
	value, _ = validation.Indirect(value)
	password, isText := value.(string)
	if !isText && value != nil {
		return validation.NewInternalError(errors.New("ozzo: the password is not a text"))
	}
	verdict, err := r.policy.Check(ctx, password, r.about...)
	if err != nil {
		return validation.NewInternalError(err)
	}
	all := make(validation.Errors, len(verdict.Problems))
	for _, problem := range verdict.Problems {
		all[problem.Code] = validation.NewError(problem.Code, problem.Text).SetParams(problem.Params)
	}
	return all.Filter()
}
