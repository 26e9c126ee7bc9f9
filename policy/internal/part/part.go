// Package part has the texts of what a part of a password is, for package
// policy, which refuses, and package strength, which explains.
package part

// Text names a part in English, "" for a code that is unknown.
func Text(code string) string {
	switch code {
	case "common":
		return "a password that many people use"
	case "word":
		return "a common word"
	case "name":
		return "a name"
	case "place":
		return "the name of a place"
	case "about":
		return "something about you or this shop"
	case "old":
		return "a part of your old password"
	case "turned":
		return "the next number, month or season"
	case "repeat":
		return "a repetition"
	case "sequence":
		return "a simple sequence"
	case "keyboard":
		return "neighbouring keys"
	case "date":
		return "a date"
	case "year":
		return "a year"
	case "reversed":
		return "a common word backwards"
	case "leet":
		return "a common word with look-alike signs"
	}
	return ""
}
