// Made by constants.py; numbers in limbs of 52 bits, the lowest first.
// p = 2^255 - 19 and the order L of the base point B.
static const uint64_t ed_p_words[4] = {0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff};
static const uint64_t ed_p_limbs[5] = {0xfffffffffffed, 0xfffffffffffff, 0xfffffffffffff, 0xfffffffffffff, 0x7fffffffffff};
static const uint64_t f25l_modulus[5] = {0x2631a5cf5d3ed, 0xdea2f79cd6581, 0x14def9, 0x0, 0x100000000000};
static const uint64_t f25l_r2[5] = {0x9d265e952d13b, 0xd63c715bea69f, 0x5be65cb687604, 0x3dceec73d217f, 0x9411b7c309a};
static const uint64_t f25l_k = 0x51da312547e1b;
// The curve's d, 2 d, a square root of -1, and B.
static const uint64_t ed_d[5] = {0xb4dca135978a3, 0x4d4141d8ab75e, 0x779e89800700a, 0xfe738cc740797, 0x52036cee2b6f};
static const uint64_t ed_2d[5] = {0x69b9426b2f159, 0x9a8283b156ebd, 0xef3d13000e014, 0xfce7198e80f2e, 0x2406d9dc56df};
static const uint64_t ed_root[5] = {0xe1b274a0ea0b0, 0x6ad2fe478c4e, 0xdfbd7a72f4318, 0xdf0b2b4d00993, 0x2b8324804fc1};
static const uint64_t ed_bx[5] = {0x62d608f25d51a, 0x609525a7b2c95, 0xdd6dc5c692cc7, 0x53fec0a4e231f, 0x216936d3cd6e};
static const uint64_t ed_by[5] = {0x6666666666658, 0x6666666666666, 0x6666666666666, 0x6666666666666, 0x666666666666};
// y of the points whose order divides 8: 1, -1, 0 and two of order 8.
static const uint64_t ed_small_y[5][5] = {{0x1, 0x0, 0x0, 0x0, 0x0}, {0xfffffffffffec, 0xfffffffffffff, 0xfffffffffffff, 0xfffffffffffff, 0x7fffffffffff}, {0x0, 0x0, 0x0, 0x0, 0x0}, {0x7b2c28f95e826, 0xf289f4c345b02, 0x5acdfd5f098ef, 0x38b13933c6d30, 0x5fc536d8802}, {0x84d3d706a17c7, 0xd760b3cba4fd, 0xa53202a0f6710, 0xc74ec6cc392cf, 0x7a03ac9277fd}};
// Half of a window in every window: of s's 26 of ten bits, k's 51 of five, a registered key's 43 of six.
static const uint64_t ed_b_halves[5] = {0x2008020080200, 0x802008020080, 0x200802008020, 0x80200802008, 0x8020080200802};
static const uint64_t ed_key_halves[5] = {0x2108421084210, 0x842108421084, 0x4210842108421, 0x1084210842108, 0x421084210842};
static const uint64_t ed_comb_halves[5] = {0x820820820820, 0x2082082082082, 0x8208208208208, 0x820820820820, 0x2082082082082};
