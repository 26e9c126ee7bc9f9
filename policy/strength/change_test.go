package strength_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

func TestChange(t *testing.T) {
	for _, c := range []struct{ old, new string }{
		{"vKqz#81mPwx0", "vKqz#81mPwx0"},
		{"vKqz#81mPwx0", "vKqz#81mPwx1"},  // the next number
		{"vKqz#81mPwx0", "vKqz#82mPwx0"},  // in the middle
		{"vKqz#81mPwx0", "vKqz#81mPwx0!"}, // one more
		{"vKqz#81mPwx0", "2026vKqz#81mPwx0"},
		{"vKqz#81mPwx0", "mPwx0vKqz#81"}, // swapped
		{"vKqz#81mPwx0", "0xwPm18#zqKv"}, // backwards
		{"vKqz#81mPwx0", "vKqz#81mPwxo"}, // look-alike
		{"vKqz#81mPwx0", "vKqz#81"},      // a part
		{"vKqz#81mPwx0", "VKQZ#81MPWX0"},
		{"Herbst-blauwal-31", "Winter-blauwal-31"},
		{"blauwal.März.kiesel", "blauwal.April.kiesel"},
		{"kiesel99blauwal", "kiesel100blauwal"},
		{"vKqz#81mPwx0", "Kvqz#81mPxw0"},             // two pairs swapped
		{"vKqz#81mPwx0", "vKyz#84mPwx9"},             // three signs changed
		{"vKqz#81mPwx0", "vKqz-#81m-Pwx0"},           // two added
		{"vKqz#81mPwx0", "vKqz#81mPwx02026"},         // digits appended
		{"vKqz#81mPwx0", "vKqz#81mPwx0vKqz#81mPwx0"}, // twice
		{"vKqz#81mPwx0", "v.K.q.z.#.8.1.m.P.w.x.0"},  // separators
		{"Sommer-Kiesel-2025", "Winter-Kiesel-2026"}, // season and year
		{"kiesel.Jan.blauwal", "kiesel.Feb.blauwal"}, // month
		{"blauwal-montag-31", "blauwal-dienstag-32"}, // day and number
		{"vKqz#81mPwx0", "Pwx0#81mvKqz"},             // chunks in another order
		{"p4ssrn0rtz-vkqz", "passrnortz-vkqz"},       // leet
	} {
		require.Less(t, strength.EstimateChange(c.old, c.new).GuessesLog10, refused, "%q after %q", c.new, c.old)
	}
	require.GreaterOrEqual(t, strength.EstimateChange("vKqz#81mPwx0", "winter harbor nine zebra").GuessesLog10, refused)
	require.Equal(t, strength.Estimate("winter harbor nine zebra"), strength.EstimateChange("", "winter harbor nine zebra"))
}

// TestOldNeverStrengthens: whoever knows the old password guesses no slower.
func TestOldNeverStrengthens(t *testing.T) {
	for _, old := range []string{"a", "Summer2025!", "zebra", "kX9#mQ2$vL7!pR4z", "1", "nine", "winter harbor nine zebra"} {
		for _, password := range []string{"Winter2026!", "winter harbor nine zebra", "kX9#mQ2$vL7!pR4z2", "zebrazebra11"} {
			require.LessOrEqual(t, strength.EstimateChange(old, password).GuessesLog10, strength.Estimate(password).GuessesLog10)
		}
	}
}
