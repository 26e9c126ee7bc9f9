//go:build !linux

package main

func (c config) measureCold() error { return nil }
