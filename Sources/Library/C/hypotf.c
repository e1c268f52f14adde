// The Swift runtime's only symbol of glibc 2.35. Our own lets the library load where glibc is 2.34 (RHEL 9, Ubuntu 22.04).
float hypotf(float a, float b);

float hypotf(float a, float b) { return (float)__builtin_sqrt((double)a * a + (double)b * b); }
