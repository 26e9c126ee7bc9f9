package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/totp"
)

// maxSecret is the longest otpauth URI that package totp reads, in bytes.
const maxSecret = 4096

const secretLabel = "Secret or otpauth URI"

func (p *program) totpCommand() *cobra.Command {
	return group("totp", "Make, show and try time-based one-time codes",
		`totp handles the secrets of an authenticator app (RFC 6238): it makes one, writes it
as an otpauth URI or a QR picture, and shows or verifies codes.

A secret comes in as base32 or as an otpauth URI, from a prompt or from standard
input. A URI knows its own settings; base32 means SHA1, 6 digits and 30 seconds
unless flags say otherwise.`,
		`  pwcheck totp uri --new --issuer Shop --account ann@shop.example >secret.txt
  pwcheck totp qr -o ann.png <secret.txt
  pwcheck totp code <secret.txt`,
		p.totpURICommand(), p.totpQRCommand(), p.totpCodeCommand(), p.totpVerifyCommand())
}

// totpFlags say how to read a secret.
type totpFlags struct {
	algorithm       string
	digits          int
	period          time.Duration
	new             bool
	issuer, account string
}

func (f *totpFlags) settings(c *cobra.Command) {
	c.Flags().StringVar(&f.algorithm, "algorithm", "SHA1", "`NAME` of the hash: SHA1, SHA256 or SHA512")
	c.Flags().IntVar(&f.digits, "digits", 6, "`N` digits in a code")
	c.Flags().DurationVar(&f.period, "period", 30*time.Second, "`TIME` for which a code is shown")
}

func (f *totpFlags) label(c *cobra.Command) {
	c.Flags().StringVar(&f.issuer, "issuer", "", "`NAME` of the shop, as the app shows it")
	c.Flags().StringVar(&f.account, "account", "", "`NAME` of the person, as the app shows it")
}

func (f *totpFlags) options() (totp.Options, error) {
	for _, a := range []totp.Algorithm{totp.SHA1, totp.SHA256, totp.SHA512} {
		if strings.EqualFold(f.algorithm, a.String()) {
			return totp.Options{Algorithm: a, Digits: f.digits, Period: f.period}, nil
		}
	}
	return totp.Options{}, misused("--algorithm takes SHA1, SHA256 or SHA512.")
}

// secret reads a secret as typed.
func (f *totpFlags) secret(typed string) (totp.Key, error) {
	typed = strings.TrimSpace(typed)
	if len(typed) >= len("otpauth:") && strings.EqualFold(typed[:len("otpauth:")], "otpauth:") {
		return totp.ParseURI(typed)
	}
	options, err := f.options()
	if err != nil {
		return totp.Key{}, err
	}
	secret, err := totp.ParseSecretWith(typed, options)
	return totp.Key{Secret: secret}, err
}

// key makes or asks for a secret and gives it the names of the flags.
func (f *totpFlags) key(ctx context.Context, p *program) (totp.Key, error) {
	key, err := f.source(ctx, p)
	if err != nil {
		return totp.Key{}, err
	}
	if f.issuer != "" {
		key.Issuer = f.issuer
	}
	if f.account != "" {
		key.Account = f.account
	}
	if key.Issuer == "" || key.Account == "" {
		return totp.Key{}, misused("--issuer and --account are needed: apps mix up entries without a name.")
	}
	return key, nil
}

func (f *totpFlags) source(ctx context.Context, p *program) (totp.Key, error) {
	if f.new {
		options, err := f.options()
		if err != nil {
			return totp.Key{}, err
		}
		secret, err := totp.NewSecretWith(options)
		return totp.Key{Secret: secret}, err
	}
	typed, err := p.ask(ctx, maxSecret, secretLabel)
	if err != nil {
		return totp.Key{}, err
	}
	return f.secret(typed[0])
}
