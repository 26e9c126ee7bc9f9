package policy

import (
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

// Words that follow one another in time, in seven languages. Who must change a
// password often turns such a word on by one.
const (
	seasonWords = "spring summer autumn winter fall frühling frühjahr sommer herbst printemps automne été hiver " +
		"primavera verano otoño invierno estate autunno inverno verão outono lente zomer herfst"

	monthWords = "january february march april june july august september october november december " +
		"januar jänner februar märz juni juli oktober dezember " +
		"janvier février mars avril juin juillet août septembre octobre novembre décembre " +
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre " +
		"gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre " +
		"janeiro fevereiro março maio junho julho setembro outubro novembro dezembro " +
		"januari februari maart augustus may mai mei jan feb mar apr jun jul aug sep okt oct nov dec dez"

	dayWords = "monday tuesday wednesday thursday friday saturday sunday " +
		"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag " +
		"lundi mardi mercredi jeudi vendredi samedi dimanche " +
		"lunes martes miércoles jueves viernes sábado domingo " +
		"lunedì martedì mercoledì giovedì venerdì sabato domenica " +
		"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)

// cycleSigns stand for any word of one of the lists above. No keyboard
// has them.
const cycleSigns = "ʘʗʖ"

// newCycles returns a replacer that puts one sign for every word that time
// turns into another one. It works on skeletons.
func newCycles() *strings.Replacer {
	var pairs []string
	signs := []rune(cycleSigns)
	for i, list := range [...]string{seasonWords, dayWords, monthWords} { // "mardi" before "mar"
		words := strings.Fields(list)
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // "aprile" before "april"
		for _, word := range words {
			pairs = append(pairs, fold.Skeleton(fold.Lower(word)), string(signs[i]))
		}
	}
	return strings.NewReplacer(pairs...)
}
