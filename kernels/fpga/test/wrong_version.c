// A plugin of another major version, which a host must refuse by name.
#include "assay_fpga.h"

static const assay_fpga_head table = {
  .struct_size = sizeof(assay_fpga_head), .major = ASSAY_FPGA_MAJOR + 1, .name = "assay-of-tomorrow", .version = "7.1"};

__attribute__((visibility("default"))) assay_fpga_status assay_fpga_connect(
    uint32_t major, uint32_t minor, const assay_fpga_host *host, const assay_fpga_plugin **plugin) {
  (void)minor, (void)host;
  *plugin = (const assay_fpga_plugin *)&table;
  return major == table.major ? ASSAY_FPGA_OK : ASSAY_FPGA_E_VERSION;
}
