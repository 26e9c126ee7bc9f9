package kettle

import "fmt"

// product is something the shop sells.
type product struct {
	ID, Name, Text string
	Cents          cents
}

// Picture is the path of the product's drawing.
func (p product) Picture() string { return "/static/" + p.ID + ".svg" }

// cents is an amount of money.
type cents int

// String writes the amount as in "12.50".
func (c cents) String() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }

// catalogue is all there is.
func catalogue() []product {
	return []product{
		{"kettle", "Whistling kettle", "Two litres of spun copper, tinned inside, that calls when it is ready.", 8900},
		{"pot", "Stoneware pot", "Holds five cups and its warmth for an hour. Glazed by hand.", 4200},
		{"cup", "Handleless cup", "Thin enough to feel the tea, thick enough to hold it.", 1450},
		{"tin", "Tea tin", "Keeps a quarter pound of leaves dry and dark.", 1200},
		{"spoon", "Measuring spoon", "One level spoon, one cup. Olive wood.", 650},
		{"leaf", "Loose-leaf black tea", "A hundred grams of second flush, picked in June.", 980},
	}
}

// productText is the name of a product, or what is said about it.
func (t tongue) productText(english string) string { return t.say(english) }

// find returns a product by its id.
func find(id string) (product, bool) {
	for _, p := range catalogue() {
		if p.ID == id {
			return p, true
		}
	}
	return product{}, false
}
