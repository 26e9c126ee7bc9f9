// Package generate makes random passwords and passphrases that a policy
// accepts, and says how many bits they are worth.
//
//	g, err := generate.New(ctx, generate.Recipe{Policy: policy.ShopStaff(), Kind: generate.Passphrase})
//	if err != nil {
//		return err // no such password, or a mistake in the recipe
//	}
//	password, err := g.Password(ctx)
//	fmt.Printf("%d bits\n", int(g.Bits()))
//
// # What the bits mean
//
// Every password that the recipe can make and the policy accepts is drawn with
// the same chance, with random numbers from crypto/rand and without modulo
// bias. So there is one number that says how hard a password is to guess for
// somebody who knows the recipe and the policy: the logarithm of how many there
// are. [Generator.Bits] never states more than that.
//
// Passwords that the policy refuses are drawn again, which makes them fewer.
// Those without a letter or digit that the policy wants are counted exactly. For
// all other rules [New] draws 256 passwords, counts how many are accepted, and
// takes the smallest share that would accept so many with a chance of 10^-9 or
// more (the bound of Clopper and Pearson); where all were accepted that costs
// 0.12 bits. Breach sources are not asked for this: no more than 2^34 leaked
// passwords are taken to be known, and deducted.
//
// # What is drawn
//
// [Characters] are ASCII letters and digits, symbols on request. A [Passphrase]
// is made of words of a list, with a separator between; words that hold the
// separator are not drawn, so that no passphrase can be made in two ways. The
// package holds lists in several languages ([Languages]), all in the letters a
// to z; their licences ask that [Notice] is passed on.
package generate
