package strength_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

// brands are names of shops and makers, long and short, some of them words.
const brands = "amazon zalando ikea lidl aldi carrefour tesco walmart target costco nike adidas puma reebok asics " +
	"samsung apple sony philips bosch siemens miele braun dyson lego mattel hasbro playmobil ravensburger nintendo " +
	"toyota volkswagen renault peugeot citroen fiat seat skoda volvo mazda honda hyundai michelin pirelli bridgestone " +
	"nestle danone unilever ferrero lindt milka haribo cadbury barilla heinz kellogg nescafe lavazza illy starbucks " +
	"zara mango uniqlo primark bershka desigual benetton diesel levis wrangler esprit tommy gant lacoste hermes " +
	"chanel dior gucci prada armani versace cartier rolex omega swatch fossil pandora swarovski sephora douglas " +
	"otto quelle bonprix thalia weltbild fnac darty decathlon intersport rossmann tillkey brewbarn teehaus"

func brandList(t *testing.T) []string {
	list := strings.Fields(brands)
	require.GreaterOrEqual(t, len(list), 100)
	return list
}

var lookAlike = strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "$", "t", "7")

// TestBrands: a brand with a little around it falls, however it is written.
func TestBrands(t *testing.T) {
	for _, brand := range brandList(t) {
		title := strings.ToUpper(brand[:1]) + brand[1:]
		for _, password := range []string{
			brand, title, strings.ToUpper(brand), brand + "1", title + "2026!", brand + "~|}{", "§%&=" + title, "#Z" + brand + "q^",
			lookAlike.Replace(brand), lookAlike.Replace(title) + "!!", strings.Join(strings.Split(brand, ""), "."),
			strings.Join(strings.Split(title, ""), "-") + "99", reverse(brand) + "12", brand + brand, title + "-" + brand + "1",
		} {
			require.Less(t, strength.Estimate(password, brand).GuessesLog10, refused, "%q of %q", password, brand)
			require.Less(t, strength.Estimate(password, "The "+title+" Store").GuessesLog10, refused, "%q of %q", password, brand)
		}
	}
}

// TestBrandAndFour is the law behind TestBrands: whatever four signs stand
// around a brand, it falls, in each way to write it.
func TestBrandAndFour(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 14))
	signs := []rune("äßñøżяжωひカ漢€§😀")
	for c := ' '; c <= '~'; c++ {
		signs = append(signs, c)
	}
	some := func(n int) string {
		out := make([]rune, n)
		for i := range out {
			out[i] = signs[random.IntN(len(signs))]
		}
		return string(out)
	}
	list := append(brandList(t), "Brew Barn", "H&M", "C&A", "Marks & Spencer", "7-Eleven", "O'Reilly", "L'Oréal", "3M", "Müller", "Ёлка", "Ελιά", "トヨタ")
	for _, brand := range list {
		plain := strings.Map(func(r rune) rune {
			if strings.ContainsRune(" &-'", r) {
				return -1
			}
			return r
		}, brand)
		for range 40 {
			n := random.IntN(5)
			before, after := some(n), some(random.IntN(5-n))
			for _, written := range []string{brand, plain, strings.ToUpper(plain), strings.ToLower(plain)} {
				password := before + written + after
				require.Less(t, strength.Estimate(password, brand).GuessesLog10, refused, "%q of %q", password, brand)
				require.Less(t, strength.Estimate(password, "anna@x.example", brand).GuessesLog10, refused, "%q of %q", password, brand)
			}
			if len([]rune(plain)) < 3 {
				continue
			}
			for _, written := range []string{lookAlike.Replace(strings.ToLower(plain)), strings.Join(strings.Split(plain, ""), "-"), reverse(plain)} {
				password := before + written + after
				require.Less(t, strength.Estimate(password, brand).GuessesLog10, refused, "%q of %q", password, brand)
			}
		}
	}
}

// TestShortBrands: two letters count where there is little else.
func TestShortBrands(t *testing.T) {
	for _, password := range []string{"hp~|}{", "hp2026", "#q^HPz", "HP"} {
		require.Less(t, strength.Estimate(password, "HP").GuessesLog10, refused, password)
	}
	require.Equal(t, strength.Estimate("xkqhpvbtrjzwhm"), strength.Estimate("xkqhpvbtrjzwhm", "HP"))
}

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func TestPersonalTexts(t *testing.T) {
	for _, c := range []struct{ password, about string }{
		{"quillfeather1984", "Wendeline Quillfeather"},
		{"wendelinequillfeather", "Wendeline Quillfeather"},
		{"Quillfeather.Wendeline", "Wendeline Quillfeather"},
		{"wqfeather77!", "wqfeather@kestrelmail.example"},
		{"kestrelmail1!", "wqfeather@kestrelmail.example"},
		{"Müllerstraße5", "Müllerstraße"},
		{"Mullerstrase5", "Müllerstraße"},
		{"Qui11feather!", "Wendeline Quillfeather"},
		{"Quilfeather12", "Quilfeathr"},
	} {
		require.Less(t, strength.Estimate(c.password, c.about).GuessesLog10, refused, c.password)
	}
	require.GreaterOrEqual(t, strength.Estimate("xkqvbtrjzwhm", "Maria Lopez").GuessesLog10, refused, "a text that is not in it changes nothing")
	require.Equal(t, strength.Estimate("xkqvbtrjzwhm"), strength.Estimate("xkqvbtrjzwhm", "Maria Lopez", "ab", "", "@", "."))
}

// TestContextNeverStrengthens is the law behind every text about someone.
func TestContextNeverStrengthens(t *testing.T) {
	texts := []string{"tillkey", "Maria Lopez", "maria.lopez@shop.example", "lopez", "key2026", "2026", "!!!", "winter harbor", "mar"}
	for _, password := range []string{
		"Tillkey2026!", "maria-lopez-2026", "winter harbor nine zebra", "kX9#tillkey$vL7!", "LopezLopez1", "m4r14!2026", "abcmariaabc", "yekllit9",
	} {
		var about []string
		last := strength.Estimate(password)
		for _, text := range texts {
			about = append(about, text)
			next := strength.Estimate(password, about...)
			require.LessOrEqual(t, next.GuessesLog10, last.GuessesLog10, "%q with %q", password, text)
			require.Equal(t, next, strength.Estimate(password, append([]string{text}, about...)...), "twice is once, in any order")
			last = next
		}
	}
}
