package shopspec

// Scenario is one story that a shop must come through.
type Scenario struct {
	// Name is stable: "S4/forced".
	Name string
	// About says in a sentence what must be so.
	About string
	// Needs are what it cannot be played without. It may turn out on the way
	// that the shop lacks something else, as a cart.
	Needs []Need
	// Harmless is true where nothing is signed up, locked, or changed.
	Harmless bool
	play     func(*play)
}

// Scenarios are all scenarios, in the order in which they are played. Those of
// the log come last, when all secrets have been typed.
func Scenarios() []Scenario {
	orders := []Need{WithSeed, WithClock}
	factor := []Need{WithSeed, WithClock}
	return []Scenario{
		{Name: "S0/guest", About: "guests see a page of the shop, and none for customers", Harmless: true, play: guest},

		{Name: "S1/weak-passwords", About: "a sign-up names all that is wrong with a password, by stable codes", play: weakPasswords},
		{Name: "S1/leaked-password", About: "a sign-up refuses a password that has leaked", Needs: []Need{WithBreached}, play: leakedPassword},
		{Name: "S1/long-passphrases", About: "a hundred characters and emoji work, to the last one", play: longPassphrases},
		{Name: "S1/taken-address", About: "a sign-up with an address that is taken gets the same answer and changes nothing", Needs: []Need{WithSeed}, play: takenAddress},

		{Name: "S2/bcrypt", About: "a sign-in upgrades a bcrypt hash of cost 4, once", Needs: []Need{WithSeed, WithStoredHash}, play: rehashBcrypt},
		{Name: "S2/md5", About: "a sign-in upgrades an MD5 hash, once", Needs: []Need{WithSeed, WithStoredHash}, play: rehashMD5},
		{Name: "S2/argon2id", About: "a sign-in upgrades a weak argon2id hash, once", Needs: []Need{WithSeed, WithStoredHash}, play: rehashArgon2id},
		{Name: "S2/parallel-sign-ins", About: "two sign-ins at once leave one valid hash", Needs: []Need{WithSeed, WithStoredHash}, play: rehashTwice},
		{Name: "S2/rehash-racing-a-change", About: "an upgrade never undoes a new password", Needs: []Need{WithSeed, WithStoredHash, WithMail}, play: rehashRace},

		{Name: "S3/lockout", About: "wrong passwords make guesses wait, the right one too, and time frees them", Needs: []Need{WithClock}, play: lockout},
		{Name: "S3/unknown-address", About: "wrong passwords are answered alike for accounts and for nobody", play: unknownAddress},
		{Name: "S3/unknown-address-reset", About: "a reset is answered alike for accounts and for nobody", Needs: []Need{WithSeed, WithMail}, play: unknownReset},
		{Name: "S3/parallel-guesses", About: "fifty guesses at once are no more than the limit", Needs: []Need{WithSeed}, play: parallelGuesses},
		{Name: "S3/restart", About: "a restart gives no guesses back", Needs: []Need{WithSeed, WithRestart}, play: lockoutRestart},
		{Name: "S3/instances", About: "guesses are counted across instances", Needs: []Need{WithSeed, WithTwo}, play: lockoutInstances},

		{Name: "S4/forced", About: "who must change is stopped on every way, and goes on with a new password", Needs: orders, play: forced},
		{Name: "S4/at-sign-in", About: "a change that is due comes between password and session", Needs: orders, play: forcedAtSignIn},
		{Name: "S4/next", About: "the way back is kept, and leads to no other site", Needs: orders, play: safeNext},
		{Name: "S4/other-sessions", About: "a change of the password ends all sessions but this one", Needs: []Need{WithSeed}, play: otherSessions},
		{Name: "S4/reset-ends-sessions", About: "a reset by mail ends all sessions and opens none", Needs: []Need{WithSeed, WithMail}, play: resetSessions},
		{Name: "S4/cart", About: "the cart survives a forced change and a compromise", Needs: orders, play: keptCart},
		{Name: "S4/stolen-old-password", About: "after a compromise the old password opens nothing, and the mail does", Needs: []Need{WithSeed, WithMail}, play: stolenPassword},
		{Name: "S4/leaked-password", About: "a password that is found to have leaked at a sign-in opens nothing", Needs: []Need{WithSeed, WithBreached}, play: leakedAtSignIn},
		{Name: "S4/old-password-racing-a-change", About: "no session that began with the old password outlives the change", Needs: []Need{WithSeed}, play: oldPasswordRace},
		{Name: "S4/instances", About: "changes and orders reach sessions of the other instance", Needs: []Need{WithSeed, WithClock, WithTwo}, play: changeInstances},

		{Name: "S5/enrolment", About: "a second factor takes a valid code to be in force, and then every sign-in takes one", Needs: factor, play: enrolment},
		{Name: "S5/code-once", About: "a code works once, ten at the same time too", Needs: factor, play: codeOnce},
		{Name: "S5/code-once-instances", About: "a code that one instance took is none for the other", Needs: []Need{WithSeed, WithClock, WithTwo}, play: codeOnceInstances},
		{Name: "S5/recovery-once", About: "a recovery code works once, ten at the same time too", Needs: factor, play: recoveryOnce},
		{Name: "S5/card-step-up", About: "a card on file asks for a fresh code", Needs: factor, play: cardStepUp},
		{Name: "S5/staff-step-up", About: "the pages of the staff are closed to others, and ask for a fresh code", Needs: factor, play: staffStepUp},
		{Name: "S5/reset-keeps-factor", About: "a reset by mail leaves the second factor in force", Needs: []Need{WithSeed, WithClock, WithMail}, play: resetKeepsFactor},
		{Name: "S5/code-counter", About: "codes are counted, and a right password does not begin the count anew", Needs: factor, play: codeCounter},
		{Name: "S5/parallel-codes", About: "thirty codes at once are no more than the limit", Needs: factor, play: parallelCodes},

		{Name: "S6/cohort", About: "an order for old passwords stops those accounts and no others, and can be followed and withdrawn", Needs: orders, play: cohort},
		{Name: "S6/grace", About: "an order with grace stops nobody before its time", Needs: orders, play: grace},
		{Name: "S6/fast-clock", About: "an order reaches who changed on a machine whose clock is ahead", Needs: orders, play: fastClock},

		{Name: "S1/nothing-in-the-log", About: "no password, code or ticket of all this is in the log", Needs: []Need{WithLogs}, play: nothingInTheLog},
	}
}
