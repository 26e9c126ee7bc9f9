package main

// ticks reads the processor's time stamp, in order with the code around it.
func ticks() uint64
