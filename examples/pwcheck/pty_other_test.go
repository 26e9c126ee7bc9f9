//go:build !linux

package main

import "testing"

func TestPrompts(t *testing.T) {
	t.Skip("the prompt is tested on Linux only: pseudo-terminals are made in another way here")
}
