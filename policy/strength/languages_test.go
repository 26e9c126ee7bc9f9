package strength_test

import (
	"strings"
	"testing"

	"github.com/tillkey/tillkey/policy/strength"
)

// languages are everyday words, as people type them there: in their own
// script, with and without accents, and in Latin letters.
var languages = map[string]string{
	"German":              "Frühstück fruhstuck Gesellschaft Krankenhaus Straße Schwierigkeit Wirtschaft Mädchen Geschichte Bundesregierung Fruehstueck Maedchen",
	"French":              "bonheur français francais fleur maison chevalier lumière printemps étoile souvenir",
	"Spanish":             "corazón corazon montaña mañana esperanza amistad caballero mariposa bienvenida recuerdo",
	"Italian":             "felicità felicita bellezza cavaliere fortuna giornata ragazzo speranza tranquillo viaggio",
	"Portuguese":          "coração coracao saudade amizade felicidade estrela cachorro borboleta esperança liberdade",
	"Dutch":               "koningin fietsen paardje toekomst donker kopje vlinder liefde voetbal vriendin",
	"Polish":              "miłość milosc przyjaciel kochanie niedziela piękna pozytywne aniołek słońce slonce",
	"Russian":             "счастье любовь дорога человек девочка подруга надежда солнце весна лошадь",
	"Russian in Latin":    "schaste lyubov doroga chelovek devochka podruga nadezhda solntse vesna loshad",
	"Russian on a QWERTY": "cxfcnmt k.,jdm ljhjuf xtkjdtr ltdjxrf gjlheuf yflt;lf cjkywt dtcyf kjiflm",
	"Greek":               "αγάπη θάλασσα ουρανός ελπίδα καλοκαίρι λουλούδι ποδόσφαιρο Δημήτρης Ελλάδα ΕΥΤΥΧΊΑ",
	"pinyin":              "woaini zhongguo shijie shenghuo pengyou xiexie jintian xuexiao aiqing xingfu",
	"kana":                "さくら ありがとう ともだち ひろしま ドラエモン どらえもん せんせい おんがく",
	"romaji":              "sakura arigatou tomodachi tanaka yamamoto hiroshima doraemon kazoku sensei ongaku",
}

// TestLanguages: a word with a year and a sign falls, in each language; alone
// it falls early.
func TestLanguages(t *testing.T) {
	for language, words := range languages {
		sum, n := 0.0, 0.0
		for _, word := range strings.Fields(words) {
			rated := strength.Estimate(word).GuessesLog10
			longer := strength.Estimate(word + "2024!").GuessesLog10
			if rated >= 7 || longer >= refused {
				t.Errorf("%s: %s is rated %.1f, with a year %.1f", language, word, rated, longer)
			}
			sum, n = sum+rated, n+1
		}
		t.Logf("%-20s %.1f on average", language, sum/n)
	}
}
