package guess

// Kind tells what a part of a password was recognised as.
type Kind uint8

// The kinds of parts.
const (
	Sign     Kind = iota // nothing: signs one by one
	Common               // a common password
	Word                 // a word of a language
	Name                 // a name of a person
	Place                // a city
	Context              // a text about the person or the shop
	Old                  // a part of the old password
	Turned               // a number, season, month or day that follows from the old password
	Repeat               // what went before, once more
	Sequence             // neighbours in the alphabet or among the numbers
	Walk                 // neighbours on a keyboard
	Date                 // a day, with or without a year
	Year
	Reversed // a listed text, backwards
	Leet     // a listed text with look-alike signs
)
