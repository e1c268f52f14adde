// LZ4's frame format, as Debian's liblz4-dev installs it.
#include <lz4frame.h>
