// Package kettle is the Copper Kettle, the shop of examples/shop. It is a
// package of its own so that other programs can run it: brokenshop runs it with
// faults, and a test drives one in its own process.
//
//	shop, err := kettle.Open(ctx, kettle.Config{DB: "shop.db", Keys: "shop.keys"})
//	...
//	defer shop.Close()
//	server := httptest.NewServer(shop.Handler())
package kettle
