// PocketBase with Tillkey: customers are an auth collection, and their
// passwords, second factors and forced changes are Tillkey's. Run it with
//
//	go run . serve
//
// README.md says what to look at.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"

	"github.com/tillkey/tillkey/rotate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is PocketBase's own program, with its flags and commands, and one more of
// each. It stops on Ctrl-C when what runs has ended.
func run() error {
	app := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: connect})
	var keys string
	var empty bool
	flags := app.RootCmd.PersistentFlags()
	flags.StringVar(&keys, "keys", "pb.keys", "key file of Tillkey, outside of the data directory and its backups")
	flags.BoolVar(&empty, "empty", false, "do not fill an empty shop with products and customers to try")
	_ = app.RootCmd.ParseFlags(os.Args[1:]) // what is wrong is said when the command runs
	s := newShop(app, config{keys: keys, demo: !empty, keeper: rotate.Config{Now: clock()}})
	var failed error
	app.RootCmd.AddCommand(newCohortCommand(s, func(err error) { failed = err }))
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if !empty {
			welcome(os.Stdout)
		}
		if err := s.mountHooks(e); err != nil {
			return err
		}
		return e.Next()
	})
	return errors.Join(app.Start(), failed)
}
