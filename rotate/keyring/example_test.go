package keyring_test

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// keyFile is what a shop would read from a file that only its process can read.
const keyFile = `
# Made for these examples. Never use a key that somebody published.
tillkey-key-v1:kaaaaaaaa:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
tillkey-key-v1:kbbbbbbbb:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8
`

// The whole life of a key: a value moves from the old one to the new one.
func Example() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	column := keyring.Context{Purpose: "password hash", Account: "customer-1"}
	stored, err := ring.Seal("kaaaaaaaa", column, []byte("$argon2id$..."))
	if err != nil {
		fmt.Println(err)
		return
	}

	const primary = "kbbbbbbbb" // the shop promotes the other key
	if keyring.Stale(stored, primary) {
		plaintext, err := ring.Open(column, stored)
		if err != nil {
			fmt.Println(err)
			return
		}
		if stored, err = ring.Seal(primary, column, plaintext); err != nil {
			fmt.Println(err)
			return
		}
	}
	id, err := keyring.KeyID(stored)
	fmt.Println(id, err)
	// Output: kbbbbbbbb <nil>
}

func ExampleNewKey() {
	key := keyring.NewKey()
	fmt.Println(len(key.ID), len(key.Reveal()))
	// Output: 9 68
}

func ExampleParseKey() {
	key, err := keyring.ParseKey("tillkey-key-v1:kaaaaaaaa:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
	fmt.Println(key.ID, err)

	_, err = keyring.ParseKey("correct horse battery staple")
	fmt.Println(err)
	// Output:
	// kaaaaaaaa <nil>
	// keyring: not a key: it does not start with "tillkey-key-v1:"
}

func ExampleKey_Reveal() {
	key, err := keyring.ParseKey("tillkey-key-v1:kaaaaaaaa:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(key) // safe to log
	fmt.Println(key.Reveal())
	// Output:
	// keyring.Key(kaaaaaaaa)
	// tillkey-key-v1:kaaaaaaaa:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
}

func ExampleNew() {
	ring, err := keyring.New("shop.example", keyring.NewKey(), keyring.NewKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(ring.IDs()))
	// Output: 2
}

func ExampleParse() {
	ring, err := keyring.Parse("shop.example", keyFile)
	fmt.Println(ring, err)

	_, err = keyring.Parse("shop.example", "# keys\nopen sesame")
	fmt.Println(err)
	// Output:
	// keyring.Ring("shop.example" kaaaaaaaa kbbbbbbbb) <nil>
	// keyring: key file line 2: not a key: it does not start with "tillkey-key-v1:"
}

func ExampleRing_Has() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ring.Has("kaaaaaaaa"), ring.Has("kzzzzzzzz"))
	// Output: true false
}

func ExampleRing_IDs() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ring.IDs())
	// Output: [kaaaaaaaa kbbbbbbbb]
}

func ExampleRing_Seal() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := ring.Seal("kaaaaaaaa", keyring.Context{
		Purpose: "password hash",
		Account: "customer-1",
		Binding: "enrolment-7",
	}, []byte("$argon2id$..."))
	fmt.Println(strings.HasPrefix(sealed, "tk1.kaaaaaaaa."), err)
	// Output: true <nil>
}

func ExampleRing_Open() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	mine := keyring.Context{Purpose: "totp seed", Account: "customer-1"}
	sealed, err := ring.Seal("kaaaaaaaa", mine, []byte("a seed"))
	if err != nil {
		fmt.Println(err)
		return
	}

	plaintext, err := ring.Open(mine, sealed)
	fmt.Printf("%s, %v\n", plaintext, err)

	// The value was copied into the row of somebody else.
	_, err = ring.Open(keyring.Context{Purpose: "totp seed", Account: "customer-2"}, sealed)
	fmt.Println(err)

	// This process was started without the key.
	other, err := keyring.New("shop.example", keyring.NewKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = other.Open(mine, sealed)
	var missing *keyring.MissingKeyError
	fmt.Println(errors.As(err, &missing), missing.ID)
	// Output:
	// a seed, <nil>
	// keyring: sealed value does not open
	// true kaaaaaaaa
}

func ExampleKeyID() {
	id, err := keyring.KeyID("tk1.kaaaaaaaa.6InTC4VCHozIMNFfO1AIwYlmAOmpEp4JNaFeQU-gHYut2_ZSE5SY4g")
	fmt.Println(id, err)
	// Output: kaaaaaaaa <nil>
}

func ExampleStale() {
	sealed := "tk1.kaaaaaaaa.6InTC4VCHozIMNFfO1AIwYlmAOmpEp4JNaFeQU-gHYut2_ZSE5SY4g"
	fmt.Println(keyring.Stale(sealed, "kaaaaaaaa"))
	fmt.Println(keyring.Stale(sealed, "kbbbbbbbb"))
	// Output:
	// false
	// true
}

func ExampleRing_MAC() {
	ring, err := keyring.Parse("shop.example", keyFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	one, err := ring.MAC("kaaaaaaaa", "throttle name", []byte("ada@example.com"))
	if err != nil {
		fmt.Println(err)
		return
	}
	two, err := ring.MAC("kaaaaaaaa", "device cookie", []byte("ada@example.com"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(one), hmac.Equal(one, two))
	// Output: 32 false
}

// A process reads its key file at every start.
func ExampleReadFile() {
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "shop.keys")
	_, err = keyring.ReadFile("my shop", path)
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	fmt.Println(keyring.CreateFile("my shop", path))
	ring, err := keyring.ReadFile("my shop", path)
	fmt.Println(len(ring.IDs()), err)
	// Output:
	// true
	// <nil>
	// 1 <nil>
}
