package totp_test

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// Enrolment: show the secret once, and let a first code prove that it arrived.
func ExampleNewSecret() {
	secret := totp.NewSecret()
	picture, err := secret.QR("Corner Shop", "ann@example.com", 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(http.DetectContentType(picture), len(secret.Reveal()))

	now := time.Now()
	typed := secret.Code(now) // what the customer reads from the app
	step, err := secret.Verify(typed, now, -1, totp.Window{Past: 1, Future: 1})
	fmt.Println(step == secret.Step(now), err) // store secret and step together
	// Output:
	// image/png 39
	// true <nil>
}

func ExampleNewSecretWith() {
	secret, err := totp.NewSecretWith(totp.Options{Algorithm: totp.SHA256, Digits: 8, Period: time.Minute})
	fmt.Println(secret.Algorithm(), secret.Digits(), secret.Period(), err)

	_, err = totp.NewSecretWith(totp.Options{Digits: 4})
	fmt.Println(err)
	// Output:
	// SHA256 8 1m0s <nil>
	// totp: digits must be 6 to 8, not 4
}

// Login: a code works once.
func ExampleSecret_Verify() {
	secret, err := totp.ParseSecret("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
	if err != nil {
		log.Fatal(err)
	}
	now := time.Unix(59, 0)
	window := totp.Window{Past: 1, Future: 1}

	after := totp.Step(-1) // no code used yet
	for _, typed := range []string{"287 082", "287082", "123456"} {
		step, err := secret.Verify(typed, now, after, window)
		switch {
		case errors.Is(err, totp.ErrReplayed):
			fmt.Println("wait for the next code")
		case err != nil:
			fmt.Println(err)
		default:
			after = step // stored in the transaction that accepts the login
			fmt.Println("welcome, step", step)
		}
	}
	// Output:
	// welcome, step 1
	// wait for the next code
	// totp: wrong code
}

func ExampleSecret_Code() {
	secret, _ := totp.ParseSecret("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
	fmt.Println(secret.Code(time.Unix(59, 0)))
	// Output: 287082
}

func ExampleSecret_Step() {
	secret := totp.NewSecret()
	fmt.Println(secret.Step(time.Unix(59, 0)), secret.Step(time.Unix(60, 0)))
	// Output: 1 2
}

// No name of a shop can break out of its place.
func ExampleSecret_URI() {
	secret, _ := totp.ParseSecret("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
	fmt.Println(secret.URI("Salt & Sons", "ann@example.com"))
	// Output: otpauth://totp/Salt%20%26%20Sons:ann@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Salt%20%26%20Sons&algorithm=SHA1&digits=6&period=30
}

func ExampleSecret_QR() {
	secret := totp.NewSecret()
	picture, err := secret.QR("Corner Shop", "ann@example.com", 256)
	fmt.Println(http.DetectContentType(picture), err)
	// Output: image/png <nil>
}

func ExampleSecret_Reveal() {
	secret, _ := totp.ParseSecret("gezdgnbvgy3tqojqgezdgnbvgy3tqojq")
	fmt.Println(secret)
	fmt.Println(secret.Reveal())
	// Output:
	// totp.Secret(redacted)
	// GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ
}

func ExampleParseSecret() {
	secret, err := totp.ParseSecret("gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq")
	fmt.Println(secret.Code(time.Unix(59, 0)), err)

	_, err = totp.ParseSecret("JBSWY3DPEHPK3PXP") // 80 bits
	fmt.Println(err)
	// Output:
	// 287082 <nil>
	// totp: size in bytes must be 16 to 128, not 10
}

func ExampleParseSecretWith() {
	secret, err := totp.ParseSecretWith("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", totp.Options{Digits: 8})
	fmt.Println(secret.Code(time.Unix(59, 0)), err)
	// Output: 94287082 <nil>
}

func ExampleParseURI() {
	key, err := totp.ParseURI("otpauth://totp/Acme:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme")
	fmt.Println(key.Issuer, key.Account, key.Secret.Digits(), err)
	// Output: Acme ann 6 <nil>
}

// The stored form is sealed before it is written; rotate/keyring does that.
func ExampleSecret_MarshalBinary() {
	secret := totp.NewSecret()
	plain, err := secret.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	var loaded totp.Secret
	if err := loaded.UnmarshalBinary(plain); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(plain), loaded.Equal(secret))
	// Output: 24 true
}

// Show the codes once, store their sums, and find the one that is typed later.
func ExampleNewRecoveryCodes() {
	codes, err := totp.NewRecoveryCodes(0)
	if err != nil {
		log.Fatal(err)
	}
	var sums []totp.Sum
	for _, code := range codes {
		sums = append(sums, code.Sum())
	}
	fmt.Println(len(codes), len(codes[0].Reveal()), codes[0])

	typed, err := totp.ParseRecoveryCode(codes[2].Reveal())
	if err != nil {
		log.Fatal(err)
	}
	index, err := totp.MatchRecovery(sums, typed)
	fmt.Println(index, err)
	// Output:
	// 10 29 totp.RecoveryCode(redacted)
	// 2 <nil>
}

func ExampleParseRecoveryCode() {
	code, err := totp.ParseRecoveryCode("o123 4567 89ab cdef ghjk mnpq")
	fmt.Println(code.Reveal(), err)
	// Output: 0123-4567-89AB-CDEF-GHJK-MNPQ <nil>
}

// A used code is blanked in the transaction that accepts the login.
func ExampleMatchRecovery() {
	code, _ := totp.ParseRecoveryCode("0123-4567-89AB-CDEF-GHJK-MNPQ")
	sums := []totp.Sum{code.Sum()}
	for range 2 {
		index, err := totp.MatchRecovery(sums, code)
		if err != nil {
			fmt.Println(err)
			continue
		}
		sums[index] = totp.Sum{}
		fmt.Println("welcome")
	}
	// Output:
	// welcome
	// totp: wrong recovery code
}
