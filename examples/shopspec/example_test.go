package shopspec_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// A shop that speaks JSON describes two of its actions, and is asked what takes
// no more than these.
func ExampleRun() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/api/me", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "sign in first", http.StatusUnauthorized)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	driver, err := shopspec.JSON(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{
		shopspec.Home: {Path: "/"},
		shopspec.Page: {Path: "/api/me"},
		shopspec.Deed: {Path: "/api/me", Method: http.MethodPost},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	shop := shopspec.Shop{Driver: driver, Instances: []shopspec.Instance{{URL: server.URL}}}
	report := shopspec.Run(context.Background(), shop, shopspec.Options{
		Only: func(name string) bool {
			return name == "S0/guest" || name == "S1/weak-passwords" || name == "S2/bcrypt"
		},
	})
	for _, line := range report.Lines {
		fmt.Print(line.Text())
	}
	fmt.Println(report.Err())
	// Output:
	// passed   S0/guest                         guests see a page of the shop, and none for customers
	// not run  S1/weak-passwords                a sign-up names all that is wrong with a password, by stable codes
	//          the shop answers sign up: the shop does not have this
	// not run  S2/bcrypt                        a sign-in upgrades a bcrypt hash of cost 4, once
	//          needs the hook that seeds accounts, the hook that reads stored hashes
	// <nil>
}
