//go:build libargon2

package main

/*
#cgo LDFLAGS: -largon2 -lpthread
#include <argon2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

extern int FLAG_clear_internal_memory;

static void *pool;
static size_t pool_size;

// pool_take and pool_give keep one piece of memory on huge pages.
static int pool_take(uint8_t **memory, size_t bytes) {
	if (bytes > pool_size) {
		size_t huge = 2 << 20;
		char *map;
		if (pool) munmap(pool, pool_size + huge);
		map = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map == MAP_FAILED) return ARGON2_MEMORY_ALLOCATION_ERROR;
		madvise(map, bytes + huge, MADV_HUGEPAGE);
		pool = map;
		pool_size = bytes;
	}
	*memory = (uint8_t *)(((uintptr_t)pool + (2 << 20) - 1) & ~(uintptr_t)((2 << 20) - 1));
	return ARGON2_OK;
}

static void pool_give(uint8_t *memory, size_t bytes) { (void)memory; (void)bytes; }

static int compute(int pooled, uint32_t m, uint32_t t, uint32_t p, uint8_t *password, uint32_t password_length,
                   uint8_t *salt, uint32_t salt_length, uint8_t *out, uint32_t out_length) {
	argon2_context c;
	memset(&c, 0, sizeof c);
	c.out = out; c.outlen = out_length;
	c.pwd = password; c.pwdlen = password_length;
	c.salt = salt; c.saltlen = salt_length;
	c.t_cost = t; c.m_cost = m; c.lanes = p; c.threads = p;
	c.version = ARGON2_VERSION_13;
	c.flags = ARGON2_DEFAULT_FLAGS;
	FLAG_clear_internal_memory = !pooled;
	if (pooled) { c.allocate_cbk = pool_take; c.free_cbk = pool_give; }
	return argon2id_ctx(&c);
}
*/
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

func libargon2() []contestant {
	return []contestant{
		{"libargon2", func(p params, password, salt []byte) []byte { return compute(0, p, password, salt) }},
		{"libargon2, pooled, not wiped", func(p params, password, salt []byte) []byte { return compute(1, p, password, salt) }},
	}
}

func compute(pooled C.int, p params, password, salt []byte) []byte {
	out := make([]byte, keyLength)
	at := func(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(&b[0])) }
	var pin runtime.Pinner
	defer pin.Unpin()
	for _, b := range [][]byte{password, salt, out} {
		pin.Pin(&b[0])
	}
	if code := C.compute(pooled, C.uint32_t(p.memory), C.uint32_t(p.time), C.uint32_t(p.lanes), at(password), C.uint32_t(len(password)),
		at(salt), C.uint32_t(len(salt)), at(out), C.uint32_t(len(out))); code != 0 {
		panic(fmt.Sprint("libargon2 failed with ", code))
	}
	return out
}
