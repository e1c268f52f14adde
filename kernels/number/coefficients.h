// Made by coefficients.py: polynomials of the own functions, and constants in two parts.
#ifndef NUMBER_COEFFICIENTS_H
#define NUMBER_COEFFICIENTS_H

#define NUMBER_LN2_HIGH 0x1.62e42fefa0000p-1
#define NUMBER_LN2_LOW 0x1.cf79abc9e3b3ap-40
#define NUMBER_LOG2_E 0x1.71547652b82fep+0
#define NUMBER_THIRD 0x1.5555555555555p-2
#define NUMBER_THIRD_LOW 0x1.5555555555555p-56
#define NUMBER_FIFTH 0x1.999999999999ap-3
#define NUMBER_FIFTH_LOW -0x1.999999999999ap-57
#define NUMBER_SQRT_HALF 0x1.6a09e667f3bcdp-1
#define NUMBER_INVERSE_SQRT_2PI 0x1.9884533d43651p-2

// exp(r) = 1 + r + r^2 P(r)
// Relative error 1.6e-17 on [-0.3467, 0.3467].
TABLE(number_exp_table, 10) = {
  0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.5555555553d56p-5, 0x1.11111111109afp-7,
  0x1.6c16c17890eb4p-10, 0x1.a01a01a7c73c0p-13, 0x1.a019b8f9792eep-16, 0x1.71de0da24602dp-19,
  0x1.28919ccaf9211p-22, 0x1.af38c67fbb53ep-26,
};

// expm1(x) = x + x^2 P(x)
// Relative error 2.6e-18 on [0, 0.6875].
TABLE(number_expm1_table, 11) = {
  0x1.0000000000000p-1, 0x1.5555555555541p-3, 0x1.555555555681cp-5, 0x1.11111110a6c01p-7,
  0x1.6c16c192a2d37p-10, 0x1.a019f97bdb326p-13, 0x1.a01b13848b066p-16, 0x1.71c72ede72d40p-19,
  0x1.292235e15388ep-22, 0x1.996bc9a87f771p-26, 0x1.80b0a7e8d03c5p-29,
};

// atanh(s) = s (1 + z (1/3 + z (1/5 + z P(z)))), z = s^2
// Relative error 5.5e-17 on [0, 0.02945].
TABLE(number_log_table, 8) = {
  0x1.2492492492492p-3, 0x1.c71c71c71c823p-4, 0x1.745d1745a3d74p-4, 0x1.3b13b16b6085ep-4,
  0x1.1110f7fc82ca4p-4, 0x1.e1effe75d53acp-5, 0x1.acf7e0d5b9a26p-5, 0x1.b2e4e67eba775p-5,
};

// N(d) - 1/2 = d P(d^2), N the normal distribution
// Relative error 7.7e-17 on [1e-30, 0.5625].
TABLE(number_half_erf_table, 9) = {
  0x1.9884533d43650p-2, -0x1.1058377e2ce86p-4, 0x1.46d0429760c63p-7, -0x1.37403f66dd2ebp-10,
  0x1.e42b0a974692ep-14, -0x1.3ce88a296d778p-17, 0x1.6574c48f9beeap-21, -0x1.5fc2e180f4600p-25,
  0x1.13a9c1f2bab3dp-29,
};

// erfcx(z) = P(tau) / (z + 2.5), tau = (z - 3.5) / (z + 4.5), z >= -1/2
// Relative error 5.9e-17 on [-1, 1].
TABLE(number_erfcx_table, 28) = {
  0x1.dd0fe67165d9ep-1, -0x1.7b7c457f7fc33p-1, 0x1.6a7cd60751b90p-1, -0x1.312b73ff4d754p-1,
  0x1.c0c98a5088f93p-2, -0x1.1b7358579bfc9p-2, 0x1.29f3e30da2c01p-3, -0x1.e6072dd43db52p-5,
  0x1.ea4896e703e9ap-7, 0x1.3dbea64000515p-10, -0x1.da36d0f9a374bp-9, 0x1.00bc76dfa62bcp-9,
  -0x1.ee6c354fcb815p-12, -0x1.16d1ad2bef8d1p-14, 0x1.7c16068da154ep-14, -0x1.5638aa9ed6c6cp-16,
  -0x1.f0d7ef94df67dp-18, 0x1.4cf03967fa297p-18, 0x1.0dfe52a4c4c13p-24, -0x1.af6aadbd4887dp-21,
  0x1.eb6be60f57409p-24, 0x1.fb99fc01687c9p-24, -0x1.f7f1e0e3d7df8p-26, -0x1.21a24268e42cep-26,
  0x1.40d9b7bca431ep-28, 0x1.2301a50ca1b60p-29, -0x1.b32f73526f5d2p-32, -0x1.6737722056604p-33,
};

// 1 - sqrt(pi) z erfcx(z) = P(tau) / (z + 1)^2, tau as for erfcx
// Relative error 1.0e-16 on [-1, 1].
TABLE(number_bachelier_table, 28) = {
  0x1.7bb29586d7cf0p-1, -0x1.b29bd2687f4b6p-2, 0x1.f6e961ac02e65p-3, 0x1.a9535dde29c14p-12,
  -0x1.9ebc404a47a95p-3, 0x1.21a88fe6535b8p-2, -0x1.e687333c244f4p-3, 0x1.ffcd9b260ceefp-4,
  -0x1.2381a856ff3b9p-6, -0x1.4ed82ef09c94ep-5, 0x1.98d88ebeb2ed8p-5, -0x1.0cc56a7f8b14cp-5,
  0x1.b1f27a71bf2e8p-7, -0x1.1331d870c740fp-9, -0x1.2080d53764cadp-10, 0x1.9f0c7f836ffd4p-11,
  -0x1.b9654a0de29cap-14, -0x1.a09370e077790p-14, 0x1.79b7ad16a7236p-15, 0x1.c4bac3519a03bp-18,
  -0x1.3612f0d38db70p-17, 0x1.56c07c3df078ep-22, 0x1.9dfedbe04d1d6p-20, -0x1.cd61d1a115240p-23,
  -0x1.bc4572583ab35p-23, 0x1.6aa2975f93c36p-25, 0x1.17ec293fc4f46p-26, -0x1.0cce31596430bp-28,
};

#endif
