package strength_test

// samples are passwords of many kinds, for the laws and the golden file.
var samples = []string{
	"", "a", "1", "!", "aa", "123456", "password", "Password123!", "P@ssw0rd2024!", "Summer2026!Summer2026!", "letmeinletmein1A!",
	"abababababababab", "trustno1trustno1", "парольпароль", "qwertyuiop", "QWERTYUIOP", "😀😀😀😀", "1qaz2wsx3edc", "qwertzuiop",
	"azertyuiop", "йцукен", "147258369", "abcdefghijklm", "zyxwvut", "01.02.1985", "19850201", "1985-2-1", "Sommer2025!", "drowssap",
	"Michael1987", "Berlin2024!", "iloveyou143", "winter harbor nine zebra", "correct-battery-walnut-oxide", "kX9#mQ2$vL7!pR4z",
	"xkqvbtrjzwhm", "Tillkey2026!", "t1llk3y", "yekllit", "Müllerstraße5", "αβγδ1234", "ｐａｓｓｗｏｒｄ", "日本語パスワード", "contraseña",
	"motdepasse1", "hasło123", "senha2020", "wachtwoord", "correcthorsebatterystaple", "Tr0ub4dour&3", "D0g.....................",
	"kX9#mQ2", "kX9#mQ2$", "plontrik", "plontriks",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
}
