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

// 1 - sqrt(pi) z erfcx(z) = P(tau) / (z + 2.5)^2, tau as for erfcx
// Relative error 4.5e-16 on [-1, 1].
TABLE(number_bachelier_table, 28) = {
  0x1.51824c061529cp+0, -0x1.ed2ad9faf60dcp+0, 0x1.23bb4fe1c410dp+1, -0x1.1605e3108c8e9p+1,
  0x1.b060da7f0087bp+0, -0x1.0ce65264d1ceep+0, 0x1.f0c5d53db0fa1p-2, -0x1.f6dc60eba3e1ep-4,
  -0x1.0e0cd3a5d4ae5p-5, 0x1.cea5cf8e4bb01p-5, -0x1.fe3bcc064513cp-6, 0x1.cc9b005272e18p-8,
  0x1.3d9610110de01p-9, -0x1.4cc0cbd66aed0p-9, 0x1.57145bd181f11p-11, 0x1.b052609dd2646p-13,
  -0x1.7f87532d03794p-13, 0x1.f091402ca754cp-17, 0x1.ec8ed50988518p-16, -0x1.26b7f86141194p-17,
  -0x1.041c626eb031cp-18, 0x1.23878617e7b87p-19, 0x1.ee37cb46abf4ep-22, -0x1.c5ba3d017e42cp-22,
  -0x1.96d5c5b304f78p-25, 0x1.0f929456f7cf3p-24, 0x1.af5d223368aaep-29, -0x1.6d8e2c5ff6ac1p-28,
};

#endif
