/* Makes libargon2.txt with libargon2 20190702, which is foreign to this code:
 *
 *   cc -I argon2/include vectors.c -L argon2 -largon2 -lpthread -o vectors && ./vectors >libargon2.txt
 *
 * Each line is: variant version time memory lanes, and in hex the password, the
 * salt, the secret, the data and the key; "-" stands for none. The inputs are of
 * a small generator; their lengths are what matters.
 */
#include <argon2.h>
#include <stdio.h>
#include <string.h>

static uint32_t state = 1;

static uint32_t next(uint32_t n) {
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % n;
}

static void fill(uint8_t *to, uint32_t n) {
	while (n--) *to++ = (uint8_t)next(256);
}

static void print(const uint8_t *bytes, uint32_t n) {
	printf(n ? " " : " -");
	while (n--) printf("%02x", *bytes++);
}

int main(void) {
	static const uint32_t lengths[] = {4, 5, 16, 32, 63, 64, 65, 96, 97, 128, 200, 1024};
	for (int i = 0; i < 240; i++) {
		uint8_t password[80], salt[64], secret[40], data[80], key[1024];
		argon2_context c;
		memset(&c, 0, sizeof c);
		c.pwd = password; c.pwdlen = next(81);
		c.salt = salt; c.saltlen = 8 + next(57);
		c.secret = secret; c.secretlen = i % 3 ? next(41) : 0;
		c.ad = data; c.adlen = i % 5 ? next(81) : 0;
		c.out = key; c.outlen = lengths[i % (sizeof lengths / sizeof *lengths)];
		if (c.outlen > 200 && i > 48) c.outlen = 33;
		fill(password, c.pwdlen); fill(salt, c.saltlen); fill(secret, c.secretlen); fill(data, c.adlen);
		c.lanes = c.threads = i % 2 ? 1 + next(16) : 1;
		c.t_cost = 1 + next(4);
		c.m_cost = 8 * c.lanes + next(i % 4 ? 300 : 2500);
		c.version = next(2) ? ARGON2_VERSION_10 : ARGON2_VERSION_13;
		argon2_type type = (argon2_type)(i / 2 % 3);
		if (argon2_ctx(&c, type)) return 1;
		printf("%d %d %u %u %u", type, c.version, c.t_cost, c.m_cost, c.lanes);
		print(password, c.pwdlen); print(salt, c.saltlen); print(secret, c.secretlen); print(data, c.adlen); print(key, c.outlen);
		printf("\n");
	}
	return 0;
}
