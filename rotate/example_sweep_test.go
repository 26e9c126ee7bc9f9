package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A sweep writes the reminders that have come due, each once.
func ExampleKeeper_Sweep() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, account := range []string{"c-1", "c-2", "c-3"} {
		if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: account, Password: "nine violet umbrellas"}); err != nil {
			fmt.Println(err)
			return
		}
	}
	order := rotate.Order{Account: "c-2", Reason: rotate.WeakHash, Grace: 30 * 24 * time.Hour}
	if _, err := realm.Force(ctx, order); err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		report, err := realm.Keeper.Sweep(ctx, 0)
		fmt.Println(realm.Clock.Now().Format("2 January:"), report.Rows, "rows,", report.Reminded, "reminded", err)
		realm.Clock.Advance(20 * 24 * time.Hour)
	}
	events, err := realm.Events(ctx, "c-2")
	for _, e := range events {
		if e.Kind == rotate.ChangeReminder || e.Kind == rotate.ChangeForced {
			fmt.Println(e.Account, e.Kind, e.Reason, e.By.Format("2 January"))
		}
	}
	fmt.Println(err)
	// Output:
	// 15 January: 3 rows, 0 reminded <nil>
	// 4 February: 3 rows, 1 reminded <nil>
	// 24 February: 3 rows, 1 reminded <nil>
	// c-2 change_reminder weak_hash 14 February
	// c-2 change_forced weak_hash 14 February
	// <nil>
}

// Every instance of a shop runs this from its start to its end.
func ExampleKeeper_Run() {
	done, stop := context.WithCancel(context.Background())
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{
		Every:  time.Minute,
		Failed: func(err error) { fmt.Println("later again:", err) },
		// The shop's own queue or mailer. This one ends the example.
		Events: func(_ context.Context, e rotate.Event) error {
			fmt.Println(e.Kind)
			if e.Kind == rotate.SignedUp {
				stop()
			}
			return nil
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(context.Background(), rotate.NewAccount{Account: "c-1", NoPassword: true}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(realm.Keeper.Run(done))
	// Output:
	// key_added
	// key_promoted
	// signed_up
	// context canceled
}

// An event that could not be delivered comes again, with the same id, and none
// overtakes it.
func ExampleKeeper_Deliver() {
	ctx := context.Background()
	full := errors.New("the queue is full")
	seen := map[string]bool{}
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{
		Events: func(_ context.Context, e rotate.Event) error {
			if e.Kind == rotate.SessionsEnded && !seen[e.ID] {
				seen[e.ID] = true
				return full
			}
			fmt.Println(e.Kind)
			return nil
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", NoPassword: true}); err != nil {
		fmt.Println(err)
		return
	}
	if err := realm.Keeper.EndSessions(ctx, "c-1", "staff-7"); err != nil {
		fmt.Println(err)
		return
	}
	n, err := realm.Keeper.Deliver(ctx)
	fmt.Println(n, err)
	realm.Clock.Advance(time.Minute)
	n, err = realm.Keeper.Deliver(ctx)
	fmt.Println(n, err)
	// Output:
	// key_added
	// key_promoted
	// signed_up
	// 3 the queue is full
	// sessions_ended
	// 1 <nil>
}
