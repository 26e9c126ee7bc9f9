package argon2

// Kernels are the kernels that this processor can run.
func Kernels() map[string]*Engine {
	engines := map[string]*Engine{}
	for k, name := range []string{generic: "generic", avx2: "AVX2", avx512: "AVX-512"} {
		if kernel(k) <= bestKernel() {
			e := New(Config{})
			e.kernel = kernel(k)
			engines[name] = e
		}
	}
	return engines
}
