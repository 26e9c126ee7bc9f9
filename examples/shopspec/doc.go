// Package shopspec plays scenarios against a running shop and reports what it
// saw: does the shop handle passwords, sessions, codes and orders to change them
// as it must? It sends requests, as browsers and programs do, so it does not
// matter what the shop is written with.
//
//	driver, err := shopspec.HTML(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{ ... }})
//	...
//	report := shopspec.Run(ctx, shopspec.Shop{
//		Driver:    driver,
//		Instances: []shopspec.Instance{{URL: server.URL, Hooks: hooks}},
//	}, shopspec.Options{})
//	if err := report.Err(); err != nil {
//		report.WriteText(os.Stderr)
//	}
//
// It imports nothing of package testing: a test runs it, and so does the command
// cmd/shopspec. It signs up and locks accounts, and places orders that concern
// every customer, so it is for shops that are there for tests.
//
// # How a shop describes itself
//
// An [Action] is something a visitor does, a [Field] something that is sent or
// shown, an [Outcome] what an answer means. A [Table] says where the shop has its
// actions, what it calls their fields, and how to read its answers; [HTML] and
// [JSON] make a [Driver] of it. A table may be kept in a file, a [Description];
// [Kettle] is the one of the reference shop, kettle.json, and a good beginning
// for another. Where a flow fits no table, wrap the driver: do that action
// yourself, and leave the others to the table.
//
//	func (v visitor) Do(ctx context.Context, a shopspec.Action, f shopspec.Fields) (shopspec.Answer, error) {
//		if a == shopspec.GiveCode {
//			return v.handshake(ctx, f)
//		}
//		return v.Visitor.Do(ctx, a, f)
//	}
//
// What the pages do not show takes [Hooks]: accounts in a certain state, the
// stored hash, the log, the mail, the clock. In a test they are functions. Over
// HTTP package hook carries them, which a shop mounts under a build tag alone.
//
// # The scenarios
//
// [Scenarios] lists them; "shopspec -list" prints them with what they need.
//
//	S0  whether the driver can tell a page for customers from one for guests
//	S1  choosing a password: all reasons at once, leaks, long passphrases, the log
//	S2  old hashes: upgraded at the sign-in, once, and never over a new password
//	S3  guesses: slowed down, counted across instances and restarts, alike for nobody
//	S4  forced changes: open sessions, the way back, the cart, and the stolen old password
//	S5  the second factor: codes and recovery codes work once, and it outlives a reset
//	S6  cohorts: who is counted is who is stopped, progress, withdrawal, clocks that are off
//
// Races are played for [Options].Rounds, each with sign-ins that begin at other
// moments of the change, measured by the rounds before. Times are never judged;
// a figure is in the notes of a line.
//
// # Not run
//
// A scenario or check that the shop cannot be asked about is "not run", with the
// reason: a hook is missing, there is one instance, there is no cart. It never
// counts as passed, and never as failed. Look at the sums, not at [Report.Err]
// alone.
//
// No report holds a password, a code, a ticket or a key.
package shopspec
