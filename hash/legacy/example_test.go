package legacy_test

import (
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/hash/legacy"
)

func ExampleBcrypt_Verify() {
	const stored = "$2b$06$7JdbsqO8fkOUDxT4sQRhoO56xrnJ305KqyS4g9HRrzhXnUrLQ4kXy"
	var scheme legacy.Bcrypt
	fmt.Println(scheme.Verify(stored, []byte("correct horse battery staple")))
	fmt.Println(scheme.Verify(stored, []byte("wrong horse")))
	// Output:
	// <nil>
	// hash: password does not match
}

func ExampleBcrypt_Inspect() {
	const stored = "$2b$06$7JdbsqO8fkOUDxT4sQRhoO56xrnJ305KqyS4g9HRrzhXnUrLQ4kXy"
	cost, err := legacy.Bcrypt{}.Inspect(stored)
	fmt.Println(cost.Text, err)

	_, err = legacy.Bcrypt{MaxCost: 5}.Inspect(stored)
	var bounds *legacy.BoundsError
	fmt.Println(errors.As(err, &bounds), err)
	// Output:
	// cost=6 <nil>
	// true hash: bcrypt cost is 6, allowed are 4 to 5
}

func ExampleBcrypt_Match() {
	var scheme legacy.Bcrypt
	fmt.Println(scheme.Name(), scheme.Match("$2y$10$..."), scheme.Match("$2x$10$..."))
	// Output:
	// bcrypt true false
}
