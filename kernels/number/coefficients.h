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
#define NUMBER_INVERSE_SQRT_2PI 0x1.9884533d43651p-2
#define NUMBER_INVERSE_SQRT_2PI_LOW -0x1.cbc0d30ebfd15p-56

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

// sin(y) = y + y z P(z), z = y^2, up to y = pi/2
// Relative error 6.1e-17 on [1e-24, 2.467].
TABLE(number_sine_table, 9) = {
  -0x1.5555555555555p-3, 0x1.1111111111111p-7, -0x1.a01a01a01a00dp-13, 0x1.71de3a556b9b5p-19,
  -0x1.ae64567e732ffp-26, 0x1.612460b6a5b55p-33, -0x1.ae7ee3a51f309p-41, 0x1.9507fe5f364d1p-49,
  -0x1.275f1cab5c411p-57,
};

// cos(y) = 1 - z/2 + z^2 P(z), z = y^2, up to y = pi/2
// Relative error 6.4e-17 on [1e-16, 2.467].
TABLE(number_cosine_table, 9) = {
  0x1.5555555555555p-5, -0x1.6c16c16c16c17p-10, 0x1.a01a01a01a015p-16, -0x1.27e4fb7789a72p-22,
  0x1.1eed8eff3b885p-29, -0x1.93974a2bf4c08p-37, 0x1.ae7efc4e14291p-45, -0x1.680cf652a8200p-53,
  0x1.d9bbd1cdbddc3p-62,
};

#define NUMBER_TAIL_COUNT 27

// exp(d^2/2) N(-d) = P(tau) / (d + 5/2), tau = (d - 73/16) / (d + 6), d >= -23/32
// Relative error 5.7e-17 on [-1, 1].
TABLE(number_tail_table, 27) = {
  0x1.2ec7e534ca012p-1, -0x1.81deee7847a34p-2, 0x1.564bf1d517531p-2, -0x1.00847780b5b06p-2,
  0x1.3970206c09a98p-3, -0x1.1d13ed7cb7075p-4, 0x1.044be3de128fap-6, 0x1.01e3fa40636e4p-7,
  -0x1.7fd28bbab46e6p-7, 0x1.e8075f09e8fcdp-8, -0x1.6f152dac24eb3p-9, 0x1.9a743f67f951bp-12,
  0x1.c1dbe01db8e20p-13, -0x1.16d6f35633199p-13, 0x1.66ccf3da0b85fp-17, 0x1.1f23819853615p-16,
  -0x1.78fa062ade564p-18, -0x1.be0730b9d8cefp-20, 0x1.410fbe3adb1eap-20, 0x1.157e42e8f7c75p-23,
  -0x1.d6d5fcc07735bp-23, -0x1.dcb900329d199p-28, 0x1.42a1f9a00503ep-25, 0x1.6ccc7d1ed26d2p-34,
  -0x1.71aee40488cb2p-28, 0x1.1dcde9104cb44p-36, 0x1.f06c06f17b649p-32,
};

// 1 - sqrt(2 pi) d exp(d^2/2) N(-d) = P(tau) / (d + 3/2)^2, tau as above
// Relative error 5.3e-17 on [-1, 1].
TABLE(number_integral_table, 28) = {
  0x1.8ec324681b9f1p+0, -0x1.f9cd681ec93f3p-1, 0x1.284f51ff026a7p-1, -0x1.91a543d58d994p-8,
  -0x1.c7c8235f5fbb7p-2, 0x1.2ebee62ee6324p-1, -0x1.cdd9845b2f55ep-2, 0x1.8649c40ee51f5p-3,
  0x1.23e4216e687e2p-6, -0x1.9ba0f7c57ef2dp-4, 0x1.5f7980470fcabp-4, -0x1.463c4ab2ba889p-5,
  0x1.dc0eed6fc2236p-8, 0x1.bafbdd6a6d437p-9, -0x1.5025fd8cd550dp-9, 0x1.1b58d101a2eeep-12,
  0x1.8be0590fec6dep-12, -0x1.23d574fb13cebp-13, -0x1.610fb681fad9dp-15, 0x1.14870868f8783p-15,
  0x1.028a2a070ceb4p-18, -0x1.c1315895c2e02p-18, -0x1.2d13d677ed299p-22, 0x1.4cf828c9f22bap-20,
  0x1.04f1353939bf8p-26, -0x1.8f35bee7bcd43p-23, -0x1.488c313942565p-31, 0x1.1046899a82661p-26,
};

// exp(r)
// Relative error 2.6e-25 on [-0.3467, 0.3467].
TABLE(number_exp_dd_table, 17) = {
  0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p-1, 0x1.5555555555555p-3,
  0x1.5555555555555p-5, 0x1.1111111111111p-7, 0x1.6c16c16c16c17p-10, 0x1.a01a01a01a01dp-13,
  0x1.a01a01a01a01bp-16, 0x1.71de3a556b367p-19, 0x1.27e4fb7789690p-22, 0x1.ae6456890fb63p-26,
  0x1.1eed8f03e0af1p-29, 0x1.612435a36429ap-33, 0x1.939723cdf4f5ep-37, 0x1.af4e6911ce9f4p-41,
  0x1.af376030fe614p-45,
};
TABLE(number_exp_dd_table_low, 8) = {
  0x1.0000000000000p-135, -0x1.3b35ce5923bd6p-85, -0x1.18251d91a4730p-89, 0x1.555574105c2ebp-57,
  0x1.55555c294d3bcp-59, 0x1.0d9245ad3ced6p-63, -0x1.f5661a5873c10p-65, -0x1.1a31f90149734p-68,
};

// exp(d^2/2) N(-d) = w P(3 - w), w = 16 / (d + 4), d < 4
// Relative error 2.3e-24 on [-1, 1].
TABLE(number_tail_dd_near_table, 25) = {
  0x1.2eeb42bebf722p-4, -0x1.2aaa9379cbfa8p-5, 0x1.868431fd43b1ap-7, -0x1.41f56ef20dfb2p-9,
  0x1.ef5b44f4ccd4cp-13, 0x1.252a1759dded8p-16, -0x1.9be635cc1e7ecp-18, -0x1.8486b1f7af967p-23,
  0x1.47018f6d18aafp-23, 0x1.135af373205b7p-27, -0x1.0a6ed455ad5a5p-28, -0x1.09fed6b2b4628p-31,
  0x1.55dc4cfe6695dp-34, 0x1.93609ef5f8929p-36, 0x1.5e9612aa1c6a7p-44, -0x1.ab0d6ce64d127p-41,
  -0x1.e8daa5fafa62fp-44, 0x1.75de87d2d93b3p-47, 0x1.9310bad7689e2p-48, 0x1.4c8c91970da27p-51,
  -0x1.ea35492f2f072p-54, -0x1.88e2558fd43a4p-55, -0x1.2bd25f3509d6cp-58, 0x1.2907efcb2684bp-60,
  0x1.63175fdbdc275p-62,
};
TABLE(number_tail_dd_near_table_low, 10) = {
  0x1.146e0d745659fp-58, -0x1.d902ca523fa80p-61, -0x1.ea94131c3b850p-62, -0x1.a893379a870e0p-63,
  0x1.552a86787898ap-68, 0x1.c553c0834db4ep-73, -0x1.42044b993254ep-72, 0x1.a3a18e8c22486p-77,
  -0x1.f10c0e935260ep-79, -0x1.1f687178b63a8p-83,
};

// exp(d^2/2) N(-d) = w P(1 - w), w = 16 / (d + 4), d >= 4
// Relative error 9.4e-24 on [-1, 1].
TABLE(number_tail_dd_far_table, 25) = {
  0x1.0e7dcd1d93192p-5, -0x1.5547ed57324b9p-7, 0x1.7d99fbc7fcf59p-9, -0x1.6fa9ad6f619e3p-11,
  0x1.21dbca3406962p-13, -0x1.4a9f31b9d1337p-16, 0x1.2df786feafc49p-20, 0x1.550fd4a752db7p-22,
  -0x1.9cb101e140338p-24, 0x1.64413da64c0e9p-28, 0x1.a0aac40ce3bf2p-29, -0x1.6bd543a7f371ep-31,
  -0x1.05ab229a58243p-34, 0x1.674ca08528f5ap-35, -0x1.e0f75011e06cbp-41, -0x1.45e9464841c85p-39,
  0x1.fd5b05a28723ep-43, 0x1.34cd7ab6bfaccp-43, -0x1.92b75370cb9dep-46, -0x1.415e0d90c6eb3p-47,
  0x1.113817f99350cp-49, 0x1.62381e97523cap-51, -0x1.4fbdb9c6f1db4p-53, -0x1.2fdf5d83b3180p-55,
  0x1.2309253bc0e94p-57,
};
TABLE(number_tail_dd_far_table_low, 10) = {
  0x1.0874a781f595ap-62, -0x1.9cc2d727312a9p-62, 0x1.03c5b368dd08ap-68, -0x1.27edc05141c47p-65,
  0x1.35e590dcd16f9p-69, 0x1.0d58f148a2c6ep-70, -0x1.db28f405f8be2p-77, 0x1.8062f56d9102ap-77,
  0x1.a3948e9f99404p-78, 0x1.d295b75f265dfp-82,
};

#endif
