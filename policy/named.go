package policy

// Named returns the list with the name by which policy files and fingerprints
// know it. It answers as list does. As a [Fingerprinter] it says what list says
// of itself, or else its name: two lists under one name then count as one, and
// a breach source that is opened anew is still the same rule. Of nil it makes
// nil.
func Named(name string, list List) List {
	if list == nil {
		return nil
	}
	return namedList{List: list, name: name}
}

type namedList struct {
	List
	name string
}

// Fingerprint implements [Fingerprinter].
func (l namedList) Fingerprint() string { return named(l.name, l.List) }

// NamedEstimator is Named for an estimator.
func NamedEstimator(name string, estimator Estimator) Estimator {
	if estimator == nil {
		return nil
	}
	return namedEstimator{Estimator: estimator, name: name}
}

type namedEstimator struct {
	Estimator
	name string
}

// Parts implements [Explainer], as far as the estimator does.
func (e namedEstimator) Parts(password string, about ...string) []string {
	if explainer, ok := e.Estimator.(Explainer); ok {
		return explainer.Parts(password, about...)
	}
	return nil
}

// Fingerprint implements [Fingerprinter].
func (e namedEstimator) Fingerprint() string { return named(e.name, e.Estimator) }

func named(name string, v any) string {
	if f, ok := v.(Fingerprinter); ok {
		return f.Fingerprint()
	}
	return "name " + name
}
