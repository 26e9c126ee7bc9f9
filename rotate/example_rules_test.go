package rotate_test

import (
	"fmt"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// Rules are a value: take a preset and change what the shop wants otherwise.
// What contradicts the standard behind a preset is refused.
func ExampleRules() {
	rules := rotate.ShopStaff()
	rules.Name = "tills"
	rules.MaxAge = 180 * 24 * time.Hour
	rules.MaxAgeWithFactor = true
	rules.Jitter = 7 * 24 * time.Hour
	fmt.Println(rules.Validate())

	rules = rotate.NIST63B4()
	rules.MaxAge = 180 * 24 * time.Hour
	fmt.Println(rules.Validate())
	// Output:
	// <nil>
	// rotate: rules refused: NIST63B4: a maximum age is forbidden (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2.10)
}

// Due is a pure function of the row, the orders and the time.
func ExampleRules_Due() {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	row := &rotate.Credential{
		Account: "c-1", Group: "store-17/customers", Password: "a sealed hash",
		Changed: now.AddDate(-2, 0, 0), ClearedSeq: 3,
	}
	orders := []rotate.Order{
		{ID: "old", Seq: 3, At: now.AddDate(-1, 0, 0), Reason: rotate.Compromise, Proof: rotate.ProofOutOfBand},
		{ID: "new", Seq: 4, At: now, Group: "store-17", Reason: rotate.WeakHash, Proof: rotate.ProofPassword, Grace: 14 * 24 * time.Hour},
	}
	due := rotate.ShopCustomer().Due(row, orders, now)
	fmt.Println(due.Reason, due.Proof, due.Order, due.By.Format("2 January"), due.Now(now))
	// Output: weak_hash password new 15 March false
}

// A shop with two branches and rules of its own for one of them.
func ExampleProfile() {
	profiles := func(group string) (rotate.Profile, error) {
		p, err := rotate.ShopProfile(group) // knows customers, staff and nobody else
		p.Issuer, p.Brand = "Till & Key", []string{"tillkey", "umbrella"}
		if group == "south/customers" {
			p.Rules.BreachThreshold = 10
		}
		return p, err
	}
	// rotate.Config{Profile: profiles}
	for _, group := range []string{"north/customers", "south/customers", "north/partners"} {
		p, err := profiles(group)
		fmt.Println(p.Rules.BreachThreshold, err)
	}
	// Output:
	// 0 <nil>
	// 10 <nil>
	// 0 rotate: group "north/partners" has no profile
}

// What is said while somebody types is what will be said when the form is sent,
// but for the lists of leaked passwords.
func ExampleProfile_WithBrand() {
	p, err := rotate.ShopProfile("customers")
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Issuer, p.Brand = "Copper Kettle", []string{"teapot"}
	for _, password := range []string{"Teapot Copper Kettle", "nine violet umbrellas"} {
		verdict := p.WithBrand().Preview(password, "ada@example.com")
		fmt.Println(verdict.Has(policy.ContainsContext), verdict.Err())
	}
	// Output:
	// true policy: password refused: contains_context, too_guessable
	// false <nil>
}

// A session as text, for a session table or inside a signed token. The text
// itself is not protected against changes.
func ExampleSession() {
	session := rotate.Session{
		Account: "c-1", Epoch: 4711, Seq: 2,
		AuthTime: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC),
		Methods:  []string{rotate.MethodPassword, rotate.MethodCode},
	}
	text, err := session.MarshalText()
	fmt.Println(string(text), err)

	var read rotate.Session
	err = read.UnmarshalText(text)
	fmt.Println(read.Account, read.SecondFactor(), err)
	err = read.UnmarshalText([]byte("s1.Yy0x.4711.2"))
	fmt.Println(err)
	// Output:
	// s1.Yy0x.4711.2.1772366400000000.pwd+otp <nil>
	// c-1 true <nil>
	// rotate: malformed session: not of version s1 or s2
}
