package main

import (
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"
)

// demoPassword is that of all customers of the demonstration.
const demoPassword = "blue teapot on the shelf"

// fill puts products, and customers of the time before Tillkey, into a shop that
// has none.
func fill(app core.App) error {
	if n, err := app.CountRecords("products"); err != nil || n > 0 {
		return err
	}
	products, err := app.FindCollectionByNameOrId("products")
	if err != nil {
		return err
	}
	for _, p := range []struct {
		id, name string
		cents    int
	}{{"pocketteapot001", "Pocket teapot", 2900}, {"strainer0000001", "Strainer", 700}, {"firstflush00001", "First flush, 100 g", 1450}} {
		product := core.NewRecord(products)
		product.Id = p.id
		product.Set("name", p.name)
		product.Set("cents", p.cents)
		if err := app.Save(product); err != nil {
			return err
		}
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(demoPassword), bcrypt.DefaultCost) // as PocketBase does
	if err != nil {
		return err
	}
	for _, name := range []string{"ada", "ben", "sam"} {
		record, err := newCustomer(app, name+"@example.com", name)
		if err != nil {
			return err
		}
		record.SetVerified(true)
		record.Set("card", "4242")
		record.Set("staff", name == "sam")
		record.SetRaw("password", &core.PasswordFieldValue{Hash: string(hash)})
		if err := app.Save(record); err != nil {
			return err
		}
	}
	return nil
}

// welcome says what to try.
func welcome(out io.Writer) {
	fmt.Fprintf(out, `Customers of the time before: ada@example.com and ben@example.com, and sam@example.com of the staff.
Their password: %s
Mail is kept in memory: /api/shop/outbox shows it to visitors from this machine.
`, demoPassword)
}
