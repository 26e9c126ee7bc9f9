package main

import (
	"context"

	"github.com/spf13/cobra"
)

func (p *program) totpQRCommand() *cobra.Command {
	var (
		f      totpFlags
		out    string
		pixels int
	)
	c := &cobra.Command{
		Use:   "qr",
		Short: "Show a secret as a QR picture",
		Long: `qr shows the otpauth URI of a secret as a QR code that an authenticator app scans:
in block characters, or as a PNG file with -o. Both hold the secret. The file is
new and only you can read it; it never replaces another one.`,
		Example: `  pwcheck totp qr <secret.txt
  pwcheck totp qr -o ann.png <secret.txt
  pwcheck totp qr --issuer Shop --account ann@shop.example <base32.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.totpQR(command.Context(), f, out, pixels)
		},
	}
	f.settings(c)
	f.label(c)
	c.Flags().StringVarP(&out, "out", "o", "", "write a PNG picture to this new `FILE`")
	c.Flags().IntVar(&pixels, "size", 0, "`PIXELS` of a side of the picture; 0 means a size that suits")
	return c
}

func (p *program) totpQR(ctx context.Context, f totpFlags, out string, pixels int) error {
	key, err := f.key(ctx, p)
	if err != nil {
		return err
	}
	picture, err := key.Secret.QR(key.Issuer, key.Account, pixels)
	if err != nil {
		return err
	}
	if out != "" {
		return writeNew(out, picture)
	}
	text, err := qrText(picture, p.colours())
	if err != nil {
		return err
	}
	_, err = p.stdout.Write([]byte(text))
	return err
}
