package main

import (
	"crypto/rand"
	"math/big"
)

// pick returns a number from 0 to n-1 from crypto/rand, each with the same
// chance: rand.Int throws away draws that do not divide evenly.
func pick(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand does not fail since Go 1.24
	}
	return int(i.Int64())
}

// pickBytes returns n bytes of an alphabet of ASCII.
func pickBytes(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[pick(len(alphabet))]
	}
	return string(b)
}
