// Package totp is the second factor: time-based one-time codes of RFC 6238,
// the otpauth URI and QR picture that bring a secret into an authenticator
// app, and recovery codes for the day the phone is lost.
//
// A [Secret] is an immutable value: it carries its key, algorithm, number of
// digits and period, and is safe for concurrent use. It redacts itself
// wherever it is printed, logged or encoded as text. Its content leaves it by
// five methods only: Reveal, URI and QR for the one screen on which a person
// enrols, MarshalBinary for the bytes that are sealed before they are stored,
// and Code.
//
// # Enrolment
//
// Make a secret, show its QR picture and Reveal text once, and keep the
// secret as pending. Ask for a code, call Verify, and store secret and
// matched step together: the code that proved the enrolment is used up.
//
// # Login
//
// Count the guess before calling Verify; six digits are guessed quickly
// (RFC 4226 section 7.3; NIST SP 800-63B-4 section 3.1.4.2 makes throttling a
// duty). Then store the step that Verify returned in the same transaction
// that accepts the login, on the condition that the stored step is still
// lower. A code then works once (RFC 6238 section 5.2), also when it is sent
// twice at the same moment.
//
// # Clocks that run wrong
//
// Verify returns the step that matched. Its distance from Step(at) is the
// drift of the customer's clock. A caller that wants to remember it (RFC 6238
// section 6) adds drift times Period to the time of the next Verify, within a
// bound of its own.
//
// # Recovery codes
//
// They hold 120 random bits, so that a plain SHA-256 is a fit stored form
// (NIST SP 800-63B-4 section 3.1.2.2 and OWASP ASVS 5.0 6.5.2 ask for a slow
// hash only below 112 bits). [MatchRecovery] names the code that matched;
// delete its sum in the transaction that accepts the login.
package totp
