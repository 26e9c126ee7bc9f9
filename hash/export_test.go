package hash

// Next returns the class of the call to be served next, if any waits.
func (b *Budget) Next() (class Class, waits bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w := b.queue.next(); w != nil {
		return w.class, true
	}
	return 0, false
}
