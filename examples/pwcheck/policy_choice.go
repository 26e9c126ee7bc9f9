package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// policyChoice is where a command takes its policy from: a preset, or a group of
// a policy file.
type policyChoice struct {
	preset, file, group string
}

// fileFlags adds --policy and --group.
func (c *policyChoice) fileFlags(command *cobra.Command) {
	command.Flags().StringVar(&c.file, "policy", "", "read this policy `FILE`")
	command.Flags().StringVar(&c.group, "group", "", "take the policy of this group, by its `PATH` in the policy file")
}

// chosen is a policy under the name that reports call it by.
type chosen struct {
	name   string
	policy policy.Policy
	preset bool
}

// one returns the policy. Of a file with several groups the flags must name one.
func (c policyChoice) one() (chosen, error) {
	if c.file == "" {
		if c.group != "" {
			return chosen{}, misused("--group needs --policy.")
		}
		p, err := preset(c.preset)
		return chosen{name: p.Name, policy: p, preset: true}, err
	}
	groups, err := readPolicies(c.file)
	if err != nil {
		return chosen{}, err
	}
	group := c.group
	if group == "" {
		paths := groups.Paths()
		if len(paths) != 1 {
			return chosen{}, misused("--group is missing. Groups: %s.", listed(groups))
		}
		group = paths[0]
	}
	return inGroup(groups, group)
}

// inGroup returns the policy of a group. The error does not repeat its path.
func inGroup(groups policy.Groups, group string) (chosen, error) {
	p, err := groups.Policy(group)
	if errors.Is(err, policy.ErrUnknownGroup) {
		return chosen{}, misused("no such group. Groups: %s.", listed(groups))
	}
	if err != nil {
		return chosen{}, &fileMistake{plain(err)}
	}
	return chosen{name: group, policy: p}, nil
}

// readPolicies reads a policy file. Lists and breach sources that it names are
// not in this program.
func readPolicies(path string) (policy.Groups, error) {
	groups, err := policy.ReadFile(path, policy.Sources{
		Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}},
		Absent:     true,
	})
	var mistake *policy.FileError
	var missing *fs.PathError
	switch {
	case err == nil:
		return groups, nil
	case errors.As(err, &mistake):
		return nil, &fileMistake{plain(err)}
	case errors.As(err, &missing):
		return nil, failed("the policy file cannot be read: %v", missing.Err)
	}
	return nil, failed("the policy file cannot be read: %s", plain(err))
}

// listed writes the paths of groups, the first twenty of many.
func listed(groups policy.Groups) string {
	paths := groups.Paths()
	if len(paths) > 20 {
		return strings.Join(paths[:20], ", ") + " and more"
	}
	return strings.Join(paths, ", ")
}

// fileMistake is the error of a policy file that was read and is wrong. It is
// a case of wrong usage, but for lint, which is there to find it.
type fileMistake struct{ text string }

func (m *fileMistake) Error() string { return m.text }

// As makes it an outcome for who asks for one.
func (m *fileMistake) As(target any) bool {
	o, ok := target.(**outcome)
	if ok {
		*o = &outcome{code: exitUsage, message: m.text}
	}
	return ok
}

// unasked lets passwords pass that lists could not be asked about, and returns
// how many of the policy's lists these are.
func unasked(p *policy.Policy) int {
	p.Unchecked = policy.AcceptUnchecked
	n := 0
	for _, list := range slices.Concat(p.Lists, p.Breach) {
		if isAbsent(list) {
			n++
		}
	}
	return n
}

// isAbsent tells whether a list is one that a policy file names and this program
// has not.
func isAbsent(list policy.List) bool {
	_, err := list.Seen(context.Background(), "")
	return errors.Is(err, policy.ErrUnchecked)
}
