package clause_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

func ExampleExamine() {
	report, err := clause.Examine(clause.Subject{
		Policy: policy.ShopCustomer(), Audience: clause.Customers, Kept: true,
		Hashing: clause.Hashing{Memory: 19456, Time: 2, Parallelism: 1, MeetsASVS5: true}, // those of hash.DefaultParams
		Waits:   true, DisableAfter: 100, ResetFor: time.Hour,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, section := range report.Sections {
		fmt.Println(section.Standard, "-", section.Summary())
	}
	// Output:
	// NIST SP 800-63B-4 - 19 met, 1 deviating, 10 for the shop, 3 not applicable
	// PCI DSS v4.0.1 - 0 met, 0 deviating, 0 for the shop, 16 not applicable
	// OWASP ASVS 5.0 - 12 met, 2 deviating, 13 for the shop, 2 not applicable
}

func ExampleValidate() {
	p := policy.NIST63B4()
	p.NeedDigit = true
	err := clause.Validate(clause.Subject{Policy: p, MaxAge: 90 * 24 * time.Hour}, clause.NIST)
	fmt.Println(err)
	// Output: clause: contradicts NIST SP 800-63B-4, 3.1.1.1, 3.1.1.2(5): A digit is demanded; 3.1.1.2(6): A password must be changed after 90 days where there is no second factor
}

func ExampleDeviationError() {
	p := policy.ASVS5()
	p.MaxLength = 20
	var d *clause.DeviationError
	if errors.As(clause.Validate(clause.Subject{Policy: p}, clause.ASVS), &d) {
		for _, f := range d.Findings {
			fmt.Println(f.Clause, f.Level, f.Asks, f.Why)
		}
	}
	// Output: 6.2.9 level 2 Permit 64 characters and more. At most 20 characters are accepted.
}

func ExampleReport_Text() {
	report, err := clause.Examine(clause.Subject{Policy: policy.PCI401Staff()}, clause.PCI)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, rest, _ := strings.Cut(report.Text(), "8.3.6")
	text, _, _ := strings.Cut(rest, "\n\n")
	fmt.Println(text)
	// Output:
	//  (required)
	//     At least 12 characters (8 where a system cannot do more), with letters and digits.
	//     -> At least 12 characters, with a letter and a digit.
}

func ExampleReport_Markdown() {
	report, err := clause.Examine(clause.Subject{Policy: policy.ASVS5()}, clause.ASVS)
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(report.Markdown()) {
		if strings.HasPrefix(line, "| 6.2.1 ") {
			fmt.Print(line)
		}
	}
	// Output: | 6.2.1 | level 1 | At least 8 characters; 15 are strongly recommended. | met | At least 8 characters; 15 are recommended. |
}

func ExampleNamed() {
	standard, err := clause.Named("pci")
	fmt.Println(standard, err)
	// Output: PCI DSS v4.0.1 <nil>
}

func ExampleStandards() {
	for _, standard := range clause.Standards() {
		fmt.Println(standard)
	}
	// Output:
	// NIST SP 800-63B-4
	// PCI DSS v4.0.1
	// OWASP ASVS 5.0
}

func ExampleSubject_Validate() {
	fmt.Println(clause.Subject{History: -1}.Validate())
	// Output: clause: invalid subject: History is out of range
}
