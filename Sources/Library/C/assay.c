#include "assay.h"
