package argon2

// view is a fill in one slice of one pass.
type view struct {
	*fill
	pass, slice uint32
	start       uint32 // index in the segment of the first block to fill
	finished    uint32 // blocks of another lane that may be used
	origin      uint32 // the first of them, as index in the lane
	independent bool   // of the password is what is used
	xor         bool   // with what the memory holds
}

func (f *fill) view(pass, slice uint32) view {
	v := view{
		fill:        f,
		pass:        pass,
		slice:       slice,
		independent: f.Variant == I || f.Variant == ID && pass == 0 && slice < slicesPerPass/2,
		xor:         pass > 0 && f.Version != Version10,
	}
	if pass == 0 {
		v.finished = slice * f.segment
		if slice == 0 {
			v.start = 2
		}
	} else {
		v.finished = f.length - f.segment
		v.origin = (slice + 1) % slicesPerPass * f.segment
	}
	return v
}

// begin prepares a lane for its first block of the segment.
func (v *view) begin(l *lane) {
	before := v.slice*v.segment + v.start // the lane is a ring
	if before == 0 {
		before = v.length
	}
	l.prev = &v.memory[l.first+before-1]
	if !v.independent {
		l.ref = v.reference(l, v.start, l.prev[0])
		return
	}
	*l.input = block{uint64(v.pass), uint64(l.number), uint64(v.slice), uint64(v.blocks()), uint64(v.Time), uint64(v.Variant)}
	if v.start%words != 0 {
		v.address(l)
	}
	l.ref, l.ahead = l.prev, l.prev
	if v.start < v.segment {
		l.ref = v.addressed(l, v.start)
	}
	if v.start+1 < v.segment {
		l.ahead = v.addressed(l, v.start+1)
	}
}

// next fills block i of a lane's segment. The reference of a later block is
// known before that block is due, so that its memory can be loaded early: two
// blocks ahead if it does not depend on the password, else as soon as the first
// word of this block is computed.
func (v *view) next(l *lane, i uint32) {
	out := &v.memory[l.first+v.slice*v.segment+i]
	load := out
	if v.independent && i+2 < v.segment {
		load = v.addressed(l, i+2) // uses tmp, so not between first and second
	}
	v.kernel.first(out, l.prev, l.ref, l.tmp, v.xor)
	l.prev = out
	if v.independent {
		l.ref, l.ahead = l.ahead, load
	} else {
		if i+1 < v.segment {
			load = v.reference(l, i+1, out[0])
		}
		l.ref = load
	}
	v.kernel.second(out, l.tmp, load)
}

// reference returns the block that a random number chooses for block i (RFC
// 9106, section 3.4.2).
func (v *view) reference(l *lane, i uint32, random uint64) *block {
	lane, area := l.number, v.finished
	if v.Lanes > 1 && (v.pass > 0 || v.slice > 0) {
		lane = uint32(random>>32) % v.Lanes
	}
	if lane == l.number {
		area += i - 1 // all of this segment but the previous block
	} else if i == 0 {
		area--
	}
	x := uint64(uint32(random))
	x = x * x >> 32
	position := v.origin + area - 1 - uint32(uint64(area)*x>>32)
	if position >= v.length {
		position -= v.length
	}
	return &v.memory[lane*v.length+position]
}

// addressed returns the block that is used for block i where that does not
// depend on the password. It must be asked for each i in turn.
func (v *view) addressed(l *lane, i uint32) *block {
	if i%words == 0 {
		v.address(l)
	}
	return v.reference(l, i, l.addresses[i%words])
}

// address computes the next 128 random numbers (RFC 9106, section 3.4.1.2).
func (v *view) address(l *lane) {
	var zero, once block
	l.input[6]++
	v.mix(&once, &zero, l.input, l.tmp)
	v.mix(l.addresses, &zero, &once, l.tmp)
}

func (v *view) mix(out, prev, ref *block, tmp *scratch) {
	v.kernel.first(out, prev, ref, tmp, false)
	v.kernel.second(out, tmp, out)
}
