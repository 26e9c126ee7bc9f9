package main

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"golang.org/x/crypto/bcrypt"
)

// makeCollections makes the collections of the shop that are missing.
func makeCollections(app core.App) error {
	for _, collection := range []*core.Collection{newCustomers(), newProducts(), newCarts()} {
		if there, err := app.FindCollectionByNameOrId(collection.Name); err == nil && there != nil {
			continue
		}
		if err := app.Save(collection); err != nil {
			return err
		}
	}
	return closeUsers(app)
}

// closeUsers closes a collection in which a fresh PocketBase lets everybody sign
// up: nobody there is a customer.
func closeUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil || users.AuthRule == nil {
		return nil
	}
	if n, err := app.CountRecords(users); err != nil || n > 0 {
		return err
	}
	users.CreateRule, users.AuthRule = nil, nil
	return app.Save(users)
}

// newCustomers is the auth collection. Customers see and change their own row;
// making and deleting one goes through the shop.
func newCustomers() *core.Collection {
	c := core.NewAuthCollection(customers)
	c.ViewRule, c.UpdateRule = types.Pointer("id = @request.auth.id"), types.Pointer("id = @request.auth.id")
	c.AuthRule = types.Pointer("verified = true")
	if f, ok := c.Fields.GetByName("password").(*core.PasswordField); ok {
		f.Cost = bcrypt.MinCost // PocketBase hashes what is refused here
	}
	c.AuthAlert.Enabled = false // Tillkey tells customers what they must know
	c.VerificationTemplate = core.EmailTemplate{
		Subject: "Welcome to the " + brand,
		Body: "<p>Confirm your address, and sign in with the password you have just chosen: " +
			"<a href=\"{APP_URL}/#confirm={TOKEN}\">Confirm</a></p><p>If you did not sign up, there is nothing to do.</p>",
	}
	c.Indexes = types.JSONArray[string]{"CREATE UNIQUE INDEX idx_email_customers ON customers (email COLLATE NOCASE) WHERE email != ''"}
	c.Fields.Add(
		&core.TextField{Name: "name", Max: 100},
		&core.BoolField{Name: "staff", Hidden: true},
		&core.DateField{Name: "addressSince", Hidden: true},
		&core.TextField{Name: "card", Hidden: true},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	return c
}

func newProducts() *core.Collection {
	c := core.NewBaseCollection("products")
	c.ListRule, c.ViewRule = types.Pointer(""), types.Pointer("")
	c.Fields.Add(&core.TextField{Name: "name", Required: true}, &core.NumberField{Name: "cents", Required: true, OnlyInt: true})
	return c
}

// newCarts are those of guests and customers alike, found by a cookie alone.
func newCarts() *core.Collection {
	c := core.NewBaseCollection("carts")
	c.Fields.Add(&core.TextField{Name: "sum", Hidden: true, Required: true}, &core.JSONField{Name: "items"},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true})
	c.AddIndex("idx_carts_sum", true, "sum", "")
	return c
}
