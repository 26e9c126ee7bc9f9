package shopspec

// Outcome is what an answer means to the visitor.
type Outcome string

const (
	// Passed: it was done, or the page is shown.
	Passed Outcome = "passed"
	// Denied: nobody is signed in, or what was typed is wrong.
	Denied Outcome = "denied"
	// Wait: too many tries. Retry-After says how long.
	Wait Outcome = "wait"
	// Refused: the new password may not be chosen, for Reasons; or the form is
	// incomplete.
	Refused Outcome = "refused"
	// NeedCode, NeedPassword, NeedEnroll: a code of the second factor, a new
	// password, a second factor comes first.
	NeedCode     Outcome = "need_code"
	NeedPassword Outcome = "need_new_password"
	NeedEnroll   Outcome = "need_enroll"
	// NeedProof: only another proof helps, as one by mail.
	NeedProof Outcome = "need_proof"
	// NeedStepUp: a fresh proof comes first.
	NeedStepUp Outcome = "step_up"
	// Gone: a ticket is used or too old.
	Gone Outcome = "bad_ticket"
	// Missing: there is no such page.
	Missing Outcome = "not_found"
	// Failed: anything else.
	Failed Outcome = "failed"
)

// Outcomes returns all outcomes.
func Outcomes() []Outcome {
	return []Outcome{Passed, Denied, Wait, Refused, NeedCode, NeedPassword, NeedEnroll, NeedProof, NeedStepUp, Gone, Missing, Failed}
}

// ofStatus is what a status means where nothing else tells.
func ofStatus(status int) Outcome {
	switch {
	case status == 401:
		return Denied
	case status == 429:
		return Wait
	case status == 422:
		return Refused
	case status == 403:
		return NeedProof
	case status == 404:
		return Missing
	case status >= 200 && status < 400:
		return Passed
	}
	return Failed
}
