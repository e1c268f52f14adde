// Made by constants.py; numbers in limbs of 52 bits, the lowest first.
// p = 2^256 - 2^32 - 977, the order n of the group, and n / 2 rounded down.
static const uint64_t k1_p_words[4] = {0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff};
static const uint64_t k1_p_limbs[5] = {0xffffefffffc2f, 0xfffffffffffff, 0xfffffffffffff, 0xfffffffffffff, 0xffffffffffff};
static const uint64_t k1_n_words[4] = {0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff};
static const uint64_t k1n_modulus[5] = {0x25e8cd0364141, 0xe6af48a03bbfd, 0xffffffebaaedc, 0xfffffffffffff, 0xffffffffffff};
static const uint64_t k1n_r2[5] = {0xe180c268b3b23, 0x94fd6e33e4c8e, 0xd07c73b975948, 0xc5e697f5e45bc, 0x671cd581c69b};
static const uint64_t k1n_k = 0xdff665588b13f;
static const uint64_t k1_half_n[5] = {0x92f46681b20a0, 0x7357a4501ddfe, 0xfffffff5d576e, 0xfffffffffffff, 0x7fffffffffff};
static const uint64_t k1_p_less_n[5] = {0xda1722fc9baee, 0x1950b75fc4402, 0x1455123, 0x0, 0x0};
// The generator; beta, a cube root of 1 modulo p, which takes (x, y) to (beta x, y), a multiple by a cube root of 1 modulo n.
static const uint64_t k1_gx[5] = {0x2815b16f81798, 0xdb2dce28d959f, 0xe870b07029bfc, 0xbbac55a06295c, 0x79be667ef9dc};
static const uint64_t k1_gy[5] = {0x7d08ffb10d4b8, 0x48a68554199c4, 0xe1108a8fd17b4, 0xc4655da4fbfc0, 0x483ada7726a3};
static const uint64_t k1_beta[5] = {0x96c28719501ee, 0x7512f58995c13, 0xc3434e99cf049, 0x7106e64479ea, 0x7ae96a2b657c};
// The basis (a1, -b1), (a2, a1) of that multiple's lattice, and 2^384 a1 / n, 2^384 b1 / n rounded.
static const uint64_t k1_a1[3] = {0xc90e49284eb15, 0x21a7d46bcde86, 0x3086d2};
static const uint64_t k1_b1[3] = {0x47fa90abfe4c3, 0xd6010e88286f5, 0xe4437e};
static const uint64_t k1_a2[3] = {0x1108d9d44cfd8, 0xf7a8e2f3f657c, 0x114ca50};
static const uint64_t k1_round1[5] = {0x3209a45dbb031, 0x1471e8ca7fe89, 0x284eb153daa8a, 0x6bcde86c90e49, 0x3086d221a7d4};
static const uint64_t k1_round2[5] = {0x1b4ae8ac47f71, 0xac9df506c6157, 0xabfe4c4221208, 0x88286f547fa90, 0xe4437ed6010e};
// Half of a window in every window: of the generator's 26 of ten bits, a key's 26 of five, a registered key's 22 of six.
static const uint64_t k1_g_halves[5] = {0x2008020080200, 0x802008020080, 0x200802008020, 0x80200802008, 0x8020080200802};
static const uint64_t k1_key_halves[3] = {0x2108421084210, 0x842108421084, 0x2108421};
static const uint64_t k1_comb_halves[3] = {0x820820820820, 0x2082082082082, 0x8208208};
// SHA-256 behind the tag of BIP-340's challenge, twice.
static const uint32_t bip340_challenge_tag[8] = {0x9cecba11, 0x23925381, 0x11679112, 0xd1627e0f, 0x97c87550, 0x003cc765, 0x90f61164, 0x33e9b66a};
