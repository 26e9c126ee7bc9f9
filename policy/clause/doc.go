// Package clause reports how a policy stands to the clauses about passwords of
// three standards: NIST SP 800-63B-4, PCI DSS v4.0.1 (requirement 8) and OWASP
// ASVS 5.0. Of each clause it says whether it is met, deviated from and why, for
// the shop itself to do, or not applicable.
//
//	report, err := clause.Examine(clause.Subject{Policy: policy.ShopCustomer(), Audience: clause.Customers})
//	fmt.Print(report.Text())
//
//	err = clause.Validate(subject, clause.NIST) // nil, or the clauses that the subject contradicts
//
// A [Subject] is a policy and what happens to the passwords that it lets
// through: how long they last, how guesses are limited, whether there is a
// second factor. With Kept the shop uses package rotate, and what that does with
// every password counts as met.
//
// # What a report is not
//
// The clauses are told in our own words and cut down to what they mean for
// passwords; the standards' own texts bind. Clauses about codes, tokens,
// devices, sessions and accounts are left out. A clause that is met here is met
// by what the subject says; whether the shop does as it says is for an assessor.
//
// The texts are of NIST's final publication of 2025, of PCI DSS v4.0.1 of 2024
// (read in transcription), and of the ASVS release of 2025-05-30.
package clause
