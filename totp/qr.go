package totp

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/pquerna/otp"
)

const (
	minPixels     = 128
	maxPixels     = 2048
	defaultPixels = 320 // shows every URI of ours at two pixels a module or more

	quietZone    = 4 // modules of white around the code (ISO/IEC 18004)
	minScale     = 2 // pixels of a module below which cameras fail
	largestCode  = 177
	finderLength = 7 // modules of a finder pattern, which is dark at its corners
)

// QR returns the URI of the secret as a square PNG picture, black on white,
// pixels wide and high, with the quiet zone that scanners need. pixels is 128
// to 2048; 0 means 320. Issuer and account are cleaned as by URI.
//
// It returns [ErrZero] for the zero Secret and a [*BoundsError] for pixels
// out of range or too few for names this long; its Min then says how many are
// needed.
//
// The picture holds the key: send it with Cache-Control: no-store, and only
// to its owner.
func (s Secret) QR(issuer, account string, pixels int) ([]byte, error) {
	if s.seed == nil {
		return nil, ErrZero
	}
	if pixels == 0 {
		pixels = defaultPixels
	}
	if err := within("pixels", pixels, minPixels, maxPixels); err != nil {
		return nil, err
	}
	// Errors from here on cannot come from the caller's input, which is
	// bounded, and must not repeat the URI.
	key, err := otp.NewKeyFromURL(s.URI(issuer, account))
	if err != nil {
		return nil, errors.New("totp: no QR code for this key")
	}
	source, err := key.Image(largestCode, largestCode)
	if err != nil {
		return nil, errors.New("totp: no QR code for this key")
	}

	m := measure(source)
	scale := pixels / (m.modules + 2*quietZone)
	if scale < minScale {
		return nil, within("pixels", pixels, minScale*(m.modules+2*quietZone), maxPixels)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m.draw(pixels, scale)); err != nil {
		return nil, fmt.Errorf("totp: write QR picture: %w", err)
	}
	return out.Bytes(), nil
}

// matrix is a QR code inside a picture of unknown scale.
type matrix struct {
	source  image.Image
	offset  int // pixels before the first module, in both directions
	scale   int // pixels of one module
	modules int // modules of one side
}

// measure finds the code by its finder patterns: their outer corners are dark
// at three corners of every QR code, and their sides are seven modules long.
func measure(source image.Image) matrix {
	side := source.Bounds().Dx()
	m := matrix{source: source}
	for m.offset < side-1 && !dark(source, m.offset, m.offset) {
		m.offset++
	}
	end := m.offset
	for end < side && dark(source, end, m.offset) {
		end++
	}
	m.scale = max(1, (end-m.offset)/finderLength)
	last := side - 1
	for last > m.offset && !dark(source, last, m.offset) {
		last--
	}
	m.modules = (last + 1 - m.offset) / m.scale
	return m
}

// draw paints the modules, scale pixels each, in the middle of a white square.
func (m matrix) draw(pixels, scale int) image.Image {
	picture := image.NewPaletted(image.Rect(0, 0, pixels, pixels), color.Palette{color.White, color.Black})
	margin := (pixels - m.modules*scale) / 2
	for y := range m.modules * scale {
		for x := range m.modules * scale {
			if dark(m.source, m.offset+x/scale*m.scale, m.offset+y/scale*m.scale) {
				picture.SetColorIndex(margin+x, margin+y, 1)
			}
		}
	}
	return picture
}

func dark(picture image.Image, x, y int) bool {
	r, _, _, _ := picture.At(x, y).RGBA()
	return r < 0x8000
}
