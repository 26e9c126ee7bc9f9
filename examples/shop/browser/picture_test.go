package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// pictures names the directory for the pictures of the README. Without it none
// are kept.
const pictures = "SHOP_PICTURES"

// tour is what the README shows, by look, page and colour scheme.
func tour() map[string]bool {
	return map[string]bool{
		"desktop home light": true, "desktop signup-typed light": true, "desktop factor-offer light": true,
		"desktop password-forced light": true, "desktop admin light": true, "desktop admin dark": true,
		"desktop cohort-count light": true, "phone home dark": true, "phone signup-refused light": true,
		"phone de-signup-weak light": true,
	}
}

// picture keeps what the visitor sees, if it belongs to the tour. With
// SHOP_PICTURES_ALL every page is kept, for people who look at them all.
func (b tab) picture(name, scheme string) {
	b.t.Helper()
	dir := os.Getenv(pictures)
	if dir == "" || !tour()[b.look.Name+" "+name+" "+scheme] && os.Getenv(pictures+"_ALL") == "" {
		return
	}
	require.NoError(b.t, os.MkdirAll(dir, 0o755))
	file := b.look.Name + "-" + name + "-" + scheme + ".png"
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, file), small(b.t, b.screen()), 0o644))
}

// small is the picture in the 256 colours that it has most of, which is enough
// for pages and makes it a third of the size.
func small(t *testing.T, screen []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(screen))
	require.NoError(t, err)
	bounds, count := full.Bounds(), map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return count[b] - count[a] })
	var palette color.Palette
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	few, index := image.NewPaletted(bounds, palette), map[color.RGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := at(x, y)
			if _, known := index[c]; !known {
				index[c] = uint8(palette.Index(c))
			}
			few.SetColorIndex(x, y, index[c])
		}
	}
	var text bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	require.NoError(t, encoder.Encode(&text, few))
	return text.Bytes()
}

// screen is what is on the screen of the visitor, as a PNG.
func (b tab) screen() []byte {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	return picture
}
