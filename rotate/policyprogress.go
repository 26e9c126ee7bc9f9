package rotate

import (
	"context"
	"strings"
)

// PolicyProgress is how the passwords of a group stand to its present policy.
type PolicyProgress struct {
	// Group is the group, Policy the name of its policy, Fingerprint that of
	// [Profile.Fingerprint].
	Group       string
	Policy      string
	Fingerprint string
	// Met and Unmet are how many passwords the present policy has judged, when
	// they were chosen or at a sign-in, and accepted or refused.
	Met, Unmet int
	// Older is how many were last judged by another policy, Unjudged how many by
	// none: imported, or chosen before fingerprints were kept.
	Older, Unjudged int
	// Marked is how many of Met and Unmet are marked for another look, as a list
	// could not answer.
	Marked int
}

// Total is how many passwords the group has.
func (p PolicyProgress) Total() int { return p.Met + p.Unmet + p.Older + p.Unjudged }

// Waiting is how many the next sign-in has to recheck.
func (p PolicyProgress) Waiting() int { return p.Older + p.Unjudged + p.Marked }

// PolicyProgress counts how far a group has come under its present policy; ""
// means Config.Group. Groups below it are not counted in: each has its own
// policy. The counts are made one after the other, by an index where there is
// one; while sign-ins go on they may be some off.
//
// Errors are those of Config.Profile, [ErrGroup] and those of the Store.
func (k *Keeper) PolicyProgress(ctx context.Context, group string) (PolicyProgress, error) {
	if group == "" {
		group = k.group
	}
	group = strings.Clone(group)
	profile, err := k.profile(group)
	if err != nil {
		return PolicyProgress{}, err
	}
	p := PolicyProgress{Group: group, Policy: profile.Policy.Name, Fingerprint: profile.Fingerprint()}
	var present int
	for _, c := range []struct {
		n *int
		q Query
	}{
		{&present, Query{PolicyIs: p.Fingerprint}},
		{&p.Unmet, Query{PolicyIs: p.Fingerprint, Unmet: true}},
		{&p.Marked, Query{PolicyIs: p.Fingerprint, Recheck: true}},
		{&p.Older, Query{PolicyOtherThan: p.Fingerprint}},
		{&p.Unjudged, Query{Unjudged: true, HasPassword: true}},
	} {
		c.q.GroupIs = group
		if *c.n, err = k.store.Count(ctx, c.q); err != nil {
			return PolicyProgress{}, err
		}
	}
	p.Met = max(0, present-p.Unmet)
	return p, nil
}
