//go:build !libargon2

package main

func libargon2() []contestant { return nil }
