// Made by constants.py; numbers in limbs of 52 bits, the lowest first.
// p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the order n of the group, and n / 2 rounded down.
static const uint64_t p2_p_words[4] = {0xffffffffffffffff, 0xffffffff, 0x0, 0xffffffff00000001};
static const uint64_t p2_p_limbs[5] = {0xfffffffffffff, 0xfffffffffff, 0x0, 0x1000000000, 0xffffffff0000};
static const uint64_t p2_modulus[5] = {0xfffffffffffff, 0xfffffffffff, 0x0, 0x1000000000, 0xffffffff0000};
static const uint64_t p2_r2[5] = {0x300, 0xffffffff00000, 0xffffefffffffb, 0xfdfffffffffff, 0x4ffffff};
static const uint64_t p2_k = 0x1;
static const uint64_t p2_n_words[4] = {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000};
static const uint64_t p2n_modulus[5] = {0x9cac2fc632551, 0xada7179e84f3b, 0xfffffffbce6fa, 0xfffffffff, 0xffffffff0000};
static const uint64_t p2n_r2[5] = {0x5cc0dea6dc3ba, 0x192a067d8a084, 0xbec59615571bb, 0x1fc245b2392b6, 0xe12d9559d956};
static const uint64_t p2n_k = 0x1c8aaee00bc4f;
static const uint64_t p2_half_n[5] = {0xce5617e3192a8, 0x56d38bcf4279d, 0xfffffffde737d, 0x7ffffffff, 0x7fffffff8000};
static const uint64_t p2_p_less_n[5] = {0x6353d039cdaae, 0x5358e8617b0c4, 0x431905, 0x0, 0x0};
// In Montgomery form: 1, 3, the curve's b, n modulo p, and the generator.
static const uint64_t p2_one_form[5] = {0x10, 0xf000000000000, 0xfffffffffffff, 0xffeffffffffff, 0xfffff};
static const uint64_t p2_three_form[5] = {0x30, 0xd000000000000, 0xfffffffffffff, 0xffcffffffffff, 0x2fffff};
static const uint64_t p2_b_form[5] = {0xdf6229c4bddfd, 0xca8843090d89c, 0x212ed6acf005c, 0x83415a220abf7, 0xc30061dd4874};
static const uint64_t p2_order_form[5] = {0x69483335f5689, 0x3d3fe99319ad1, 0x2e96b789b1054, 0xfeb0c0166ce65, 0x8648c209fe30};
static const uint64_t p2_gx[5] = {0x30d418a9143c1, 0xc4fedb60179e7, 0x62251075ba95f, 0x5c669fb732b77, 0x8905f76b5375};
static const uint64_t p2_gy[5] = {0x5357ce95560a8, 0x43a19e45cddf2, 0x21f3258b4ab8e, 0xd8552e88688dd, 0x571ff18a5885};
// Half of a window in every window: of the generator's 26 of ten bits, a key's 52 of five, a registered key's 43 of six.
static const uint64_t p2_g_halves[5] = {0x2008020080200, 0x802008020080, 0x200802008020, 0x80200802008, 0x8020080200802};
static const uint64_t p2_key_halves[5] = {0x2108421084210, 0x842108421084, 0x4210842108421, 0x1084210842108, 0x8421084210842};
static const uint64_t p2_comb_halves[5] = {0x820820820820, 0x2082082082082, 0x8208208208208, 0x820820820820, 0x2082082082082};
