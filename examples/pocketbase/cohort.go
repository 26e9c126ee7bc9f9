package main

import (
	"encoding/json"
	"errors"
	"os/user"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/rotate"
)

// newCohortCommand forces new passwords from the command line, beside a shop that
// runs. It asks for no second factor: who may run it has the database. PocketBase
// drops the error of a command, so failed is told.
func newCohortCommand(s *shop, failed func(error)) *cobra.Command {
	cohort := &cobra.Command{Use: "cohort", Short: "Makes a group of customers choose new passwords"}
	var typed typedOrder
	var reason string
	of := func(use, short string, do func(*cobra.Command, rotate.Order) (any, error)) *cobra.Command {
		c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true}
		c.RunE = func(c *cobra.Command, _ []string) (err error) {
			defer func() { failed(err) }()
			typed.Reason = rotate.Reason(reason)
			order, err := typed.order(actor())
			if err != nil {
				return err
			}
			result, err := do(c, order)
			if err != nil || result == nil {
				return err
			}
			out := json.NewEncoder(c.OutOrStdout())
			out.SetIndent("", "  ")
			return out.Encode(result)
		}
		cohort.AddCommand(c)
		return c
	}
	count := of("count", "Counts whom an order would concern, and places none", func(c *cobra.Command, o rotate.Order) (any, error) {
		n, err := s.preview(c.Context(), o)
		return map[string]int{"count": n}, err
	})
	force := of("force", "Places an order", func(c *cobra.Command, o rotate.Order) (any, error) {
		id, err := s.keeper.Force(c.Context(), o)
		var off *rotate.ExpectError
		if errors.As(err, &off) {
			err = errors.Join(err, errors.New("look at the count again"))
		}
		return map[string]rotate.ID{"id": id}, err
	})
	of("progress", "Lists the orders and how far each has come", func(c *cobra.Command, _ rotate.Order) (any, error) {
		return campaigns(c.Context(), s.keeper)
	})
	withdraw := of("withdraw", "Ends an order that should not have been placed", func(c *cobra.Command, o rotate.Order) (any, error) {
		return nil, s.keeper.Withdraw(c.Context(), o.Withdraws, o.Actor, o.Note)
	})
	restored := of("restored", "Ends what a restored backup brought back: sessions, passwords", func(c *cobra.Command, o rotate.Order) (any, error) {
		id, err := s.keeper.Restored(c.Context(), o.Before, o.Actor)
		return map[string]rotate.ID{"id": id}, err
	})
	restored.Flags().StringVar(&typed.Before, "backup", "", "the day of the backup, as 2026-01-31")
	for _, c := range []*cobra.Command{count, force} {
		f := c.Flags()
		f.StringVar(&typed.Account, "account", "", "one customer, by id")
		f.StringVar(&typed.Group, "group", "", "a group, as customers or staff (default everybody)")
		f.StringVar(&typed.Before, "before", "", "passwords chosen before this day, as 2026-01-31")
		f.StringVar(&reason, "reason", "", "why: policy_raised, weak_hash, admin_reset or compromise")
		f.IntVar(&typed.Grace, "grace", 0, "days for which the old password still signs in")
	}
	force.Flags().IntVar(&typed.Expect, "expect", 0, "what count said")
	for _, c := range []*cobra.Command{force, withdraw} {
		c.Flags().StringVar(&typed.Note, "note", "", "for the audit trail")
	}
	withdraw.Flags().StringVar((*string)(&typed.ID), "id", "", "the order")
	return cohort
}

// actor is who is at the keyboard, for the audit trail.
func actor() string {
	if u, err := user.Current(); err == nil {
		return "cli:" + u.Username
	}
	return "cli"
}
