package tables

// Order is the number of signs in the longest n-gram: five of context and one.
const Order = 6

const (
	// Start stands before a password, End after it.
	Start rune = 1
	End   rune = 2

	// unknown is the cost of a sign that the model never saw, in eighths of a
	// bit: one of some three hundred.
	unknown = 67
)

// Grams is a model of which sign follows which: n-grams of up to Order signs
// with back-off weights, all in eighths of a bit.
type Grams struct{ index }

// Context is the tail of a text, and how much of it the model knows.
type Context struct {
	tail  [Order - 1]rune // the last sign first
	known int             // signs of the tail that the model may know as a context
}

// Begin returns the context before the first sign.
func Begin() Context {
	c := Context{known: Order - 1}
	for i := range c.tail {
		c.tail[i] = Start
	}
	return c
}

// Cost returns what the sign r costs after the context, in eighths of a bit,
// and moves the context on.
func (g Grams) Cost(c *Context, r rune) int {
	var hashes [Order]uint64
	hashes[0] = Seed
	for k := range c.known {
		hashes[k+1] = Step(hashes[k], c.tail[k])
	}
	cost, k := 0, c.known
	for ; ; k-- {
		if v, ok := g.find2(gramKey(hashes[k], r)); ok {
			cost += int(v)
			break
		}
		if k == 0 {
			cost, k = cost+unknown, -1
			break
		}
		if v, ok := g.find2(backoffKey(hashes[k])); ok {
			cost += int(v)
		}
	}
	// What is no n-gram is no context either.
	c.known = min(k+1, Order-1)
	copy(c.tail[1:], c.tail[:Order-2])
	c.tail[0] = r
	return cost
}
