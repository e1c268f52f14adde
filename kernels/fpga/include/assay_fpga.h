// The C interface between Assay (the host) and a board's driver (the plugin).
//
// A plugin is a shared object that exports one symbol, `assay_fpga_connect`. Everything else is reached through the table of
// functions which that symbol hands out, so a vendor ships one file, made by any compiler, linked against nothing of ours.
//
// Versions. Host and plugin state the interface version that they speak. The major numbers must be equal: a plugin that
// does not speak the host's answers ASSAY_FPGA_E_VERSION, still pointing at its table, of which only `assay_fpga_head` is
// then read, so that the host can say by name what it refused. Within a major version structs only grow at the end. Every
// struct that crosses the boundary starts with `struct_size`, set by the side that owns the memory; the other side touches
// only the bytes that both know, and zero means "not given".
//
// `struct_size` in particular: the host sets it before it hands over a struct to be filled; the plugin writes no byte past it,
// and may lower it to what it knows. A field that does not fit is left out; one that the plugin does not know stays zero. Host 1.1 and
// plugin 1.0, and the other way round, work together: 1.1 adds a flag and says what 1.0 left open; it changes no struct.
//
// Threads. Device enumeration and opening: one call at a time, any thread. Buffers, telemetry and fault injection: any
// thread at any time; telemetry never waits for a lock that submit or reap holds. A queue has one submitter and one reaper,
// which may be two threads. `queue_abort` may be called by any thread: a reap under way then answers ASSAY_FPGA_E_ABORTED.
// A plugin installs no signal handler, never ends the process, and lets no exception cross the boundary. The host never
// unloads a plugin.
//
// Ownership of work. A descriptor is `count` independent rows of one operation. From the moment that submit accepts it
// exactly one of these happens, once:
//   (a) reap returns one completion with its cookie and the queue's present generation;
//   (b) abort answers ASSAY_FPGA_OK: it is dead, no completion of the old generation will come, and the device will not
//       touch its buffers again;
//   (c) abort answers ASSAY_FPGA_E_LOST: the device cannot be stopped. The host then leaks the buffers on purpose and
//       retires the device for the rest of the process.
// That each row is committed once and is right is the host's proof, not the vendor's: it keeps the table of what is in
// flight, copies results out of the staging buffer once, and recomputes on the CPU whatever was not committed.
//
// What belongs to the process. Loading a plugin and opening its boards takes no longer than 20 s (the environment's
// ASSAY_DISCOVERY_SECONDS says otherwise). The host does both in a child process first, and refuses a plugin that does not
// survive it; so a board is opened, given a queue, buffers and a row, and closed, before it is opened to compute. A plugin
// prints nothing on standard output, and leaves alone signal handlers, timers, the working directory and the file mode
// mask; a host that finds them changed puts them back, and says so. Calls come on threads that block every signal.
//
// Rows. A row's input is the operation's IN columns of kernels/operations/operations.def, its output the OUT columns, both
// in that order, packed without padding, numbers little-endian. Version 1 carries fixed-width columns only, no MESSAGE,
// SHARED or OPTIONAL ones.
//
// Integers are fixed-width and little-endian; no enum, bool, bit-field or long crosses the boundary.
#ifndef ASSAY_FPGA_H
#define ASSAY_FPGA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_FPGA_MAJOR 1u
#define ASSAY_FPGA_MINOR 1u

// status

/// 0, or a negative number whose class says what the host does about it.
typedef int32_t assay_fpga_status;

#define ASSAY_FPGA_OK 0
// A wrong call: reported, never repeated.
#define ASSAY_FPGA_E_INVALID (-1)      ///< an argument is out of range, misaligned or unknown
#define ASSAY_FPGA_E_VERSION (-2)      ///< the other side's major version is not spoken here
#define ASSAY_FPGA_E_UNSUPPORTED (-3)  ///< this operation or optional function does not exist
#define ASSAY_FPGA_E_MEMORY (-4)       ///< no more memory of this kind
// Nothing is wrong: later, or elsewhere.
#define ASSAY_FPGA_E_FULL (-16)     ///< submit: the queue is full and nothing was accepted
#define ASSAY_FPGA_E_TIMEOUT (-17)  ///< reap: the deadline passed and nothing had completed
#define ASSAY_FPGA_E_BUSY (-18)     ///< held by another process, or a buffer is in flight
#define ASSAY_FPGA_E_ABORTED (-19)  ///< the queue was aborted during the call
// The work failed, the device did not: the descriptor is recomputed elsewhere.
#define ASSAY_FPGA_E_DATA (-32)  ///< an ECC, parity or CRC error confined to this descriptor
// The device failed: abort, recompute what was in flight, quarantine the device.
#define ASSAY_FPGA_E_HUNG (-48)     ///< no beat moved for the queue's whole watchdog time
#define ASSAY_FPGA_E_LINK (-49)     ///< the link is down; registers read all ones
#define ASSAY_FPGA_E_THERMAL (-50)  ///< temperature or power trip; the clock is gated
#define ASSAY_FPGA_E_IMAGE (-51)    ///< the bitstream is missing, cleared or another one
#define ASSAY_FPGA_E_LOST (-52)     ///< abort or close: the device may still touch buffers

// verdicts

/// What a VERDICT column's byte holds. The codes differ in four bits or more, and neither what unwritten memory reads (0x00)
/// nor what a dead link reads (0xFF) is one. The host takes only ACCEPTED from a device; the reason of a row that is not
/// accepted is established by the portable kernel.
#define ASSAY_FPGA_VERDICT_ACCEPTED 0xA5u
#define ASSAY_FPGA_VERDICT_REJECTED 0x5Au
#define ASSAY_FPGA_VERDICT_MALFORMED 0x3Cu

// devices

typedef struct assay_fpga_device assay_fpga_device;
typedef struct assay_fpga_queue assay_fpga_queue;

#define ASSAY_FPGA_DEVICE_SIMULATED (1ull << 0)  ///< RTL in a simulator: its wall-clock speed means nothing
#define ASSAY_FPGA_DEVICE_ECC (1ull << 1)        ///< memories are protected
#define ASSAY_FPGA_DEVICE_FAULTS (1ull << 2)     ///< `inject_fault` works
#define ASSAY_FPGA_DEVICE_HOST_CORES (1ull << 3) ///< 1.1: it computes on the host's own cores, which an automatic plan
                                                 ///< uses already: such a plan leaves it out

typedef struct assay_fpga_device_info {
  uint32_t struct_size;
  uint32_t index;            ///< as given to device_open
  uint64_t flags;            ///< ASSAY_FPGA_DEVICE_...
  char name[64];             ///< "vu47p", "verilator-sha256-keccak"; ends with NUL
  char location[32];         ///< PCI address "0000:34:00.0"; empty when simulated
  char serial[32];           ///< the same after a reboot, different for each board of a plugin; may be empty. A board can
                             ///< be named by it: that names the same board whatever else is plugged in
  uint64_t clock_hz;         ///< nominal kernel clock; 0 when simulated
  uint64_t memory_bytes;     ///< device memory; 0 when there is none
  uint32_t max_queues;       ///< at least 1
  uint32_t max_queue_depth;  ///< descriptors a queue holds, at least 1
  uint32_t buffer_alignment; ///< bytes, a power of two; descriptor offsets are multiples of it
  uint32_t operation_count;
} assay_fpga_device_info;

/// A device writes the `count * output_stride` bytes of a descriptor's results and no others: a bus whose beats are wider
/// masks the rest of the last one.
///
/// An operation that a device computes with exactly the bits of the portable kernel of the same name and version.
typedef struct assay_fpga_operation_info {
  uint32_t struct_size;
  uint32_t code;              ///< what descriptors carry; the plugin's choice, never 0
  char name[64];              ///< name in operations.def, "sha256_pair"; ends with NUL
  uint32_t semantics_version; ///< its version there; another one is never used
  uint32_t input_stride;      ///< bytes a row
  uint32_t output_stride;     ///< bytes a row
  uint32_t max_rows;          ///< rows a descriptor may hold
  uint32_t latency_cycles;    ///< of one row in an idle device; 0 when not known
  uint32_t cycles_per_row_q8; ///< steady state, 256 means one row a cycle; 0 when not known
} assay_fpga_operation_info;

// buffers

/// Pinned memory that both the host and the device reach, allocated by the plugin. The host never passes pointers of its
/// own. `host` is aligned to the device's buffer_alignment.
typedef struct assay_fpga_buffer {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t handle;  ///< never 0
  uint64_t size;    ///< at least what was asked for
  uint8_t *host;
} assay_fpga_buffer;

// work

/// 64 bytes: a cache line, a beat of a 512-bit bus.
typedef struct assay_fpga_descriptor {
  uint64_t cookie;  ///< given back by the completion; means nothing to the plugin
  uint32_t operation;
  uint32_t count;  ///< rows, 1 ... max_rows
  uint64_t input_handle, input_offset;
  uint64_t output_handle, output_offset;
  uint64_t reserved[2];  ///< 0
} assay_fpga_descriptor;

typedef struct assay_fpga_completion {
  uint64_t cookie;
  int32_t status;       ///< of this descriptor
  uint32_t count;       ///< rows whose outputs were all written
  uint32_t generation;  ///< of the queue when the descriptor was accepted
  uint32_t reserved;
  uint64_t start_cycle; ///< the device's cycle counter when the first row went in
  uint64_t end_cycle;   ///< and when the last result came out; both 0 from a device without a counter
} assay_fpga_completion;

typedef struct assay_fpga_queue_config {
  uint32_t struct_size;
  uint32_t depth;        ///< descriptors, 1 ... max_queue_depth
  uint64_t watchdog_ns;  ///< no beat for so long with work waiting is ASSAY_FPGA_E_HUNG; 0 turns it off
} assay_fpga_queue_config;

// telemetry

/// Which fields of assay_fpga_telemetry mean something: a zero never stands for "unknown".
#define ASSAY_FPGA_TELEMETRY_TEMPERATURE (1ull << 0)
#define ASSAY_FPGA_TELEMETRY_POWER (1ull << 1)
#define ASSAY_FPGA_TELEMETRY_CLOCK (1ull << 2)
#define ASSAY_FPGA_TELEMETRY_CYCLES (1ull << 3)  ///< cycles, busy_cycles, stall_*_cycles
#define ASSAY_FPGA_TELEMETRY_BEATS (1ull << 4)   ///< beats_in, beats_out
#define ASSAY_FPGA_TELEMETRY_WORK (1ull << 5)    ///< rows_done, descriptors_*
#define ASSAY_FPGA_TELEMETRY_ECC (1ull << 6)
#define ASSAY_FPGA_TELEMETRY_LINK (1ull << 7)    ///< link_*
#define ASSAY_FPGA_TELEMETRY_RESETS (1ull << 8)

/// Counters count from device_open, never backwards, through aborts.
typedef struct assay_fpga_telemetry {
  uint32_t struct_size;
  uint32_t link_generation, link_width;  ///< PCIe generation and lanes
  uint32_t reset_count;
  uint64_t valid;  ///< ASSAY_FPGA_TELEMETRY_...
  int32_t temperature_millicelsius;
  uint32_t power_milliwatt;
  uint64_t clock_hz;           ///< now; below the nominal one the device throttles
  uint64_t cycles;             ///< kernel clock
  uint64_t busy_cycles;        ///< with at least one row inside
  uint64_t stall_in_cycles;    ///< the kernel was ready and got no row
  uint64_t stall_out_cycles;   ///< the kernel had a result that was not taken
  uint64_t beats_in, beats_out;
  uint64_t rows_done;
  uint64_t descriptors_done, descriptors_failed;
  uint64_t ecc_corrected, ecc_uncorrected;
  uint64_t link_replays;
} assay_fpga_telemetry;

// fault injection

/// Faults strike once, except the two said to last until they are cleared with NONE.
#define ASSAY_FPGA_FAULT_NONE 0u
#define ASSAY_FPGA_FAULT_HANG 1u       ///< after `argument` results no beat moves; lasts
#define ASSAY_FPGA_FAULT_DROP 2u       ///< results are written, the completion is swallowed
#define ASSAY_FPGA_FAULT_DUPLICATE 3u  ///< the completion comes twice
#define ASSAY_FPGA_FAULT_STALE 4u      ///< the completion comes with the generation before the present one
#define ASSAY_FPGA_FAULT_FLIP 5u       ///< bit argument % 256 of result argument / 256, counted from now, is inverted
#define ASSAY_FPGA_FAULT_LINK_DOWN 6u  ///< after `argument` results every read gives ones: an all-ones completion comes
                                       ///< first, as from a driver that did not look, then E_LINK; abort is LOST; lasts
#define ASSAY_FPGA_FAULT_SHORT 7u      ///< the last `argument` results are not written, yet the completion claims them
#define ASSAY_FPGA_FAULT_DATA 8u       ///< the completion says ASSAY_FPGA_E_DATA

// the two tables

#define ASSAY_FPGA_LOG_DEBUG 0
#define ASSAY_FPGA_LOG_INFO 1
#define ASSAY_FPGA_LOG_WARNING 2
#define ASSAY_FPGA_LOG_ERROR 3

/// What the host offers; it outlives the plugin.
typedef struct assay_fpga_host {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;
  void (*log)(void *context, int32_t level, const char *message);  ///< any thread; may be null
} assay_fpga_host;

/// How every plugin table of every version begins, for ever.
typedef struct assay_fpga_head {
  uint32_t struct_size;
  uint32_t major, minor;
  uint32_t reserved;
  const char *name;     ///< the plugin's, "assay-sim"
  const char *version;  ///< the plugin's own, shown as it is
} assay_fpga_head;

typedef struct assay_fpga_plugin {
  assay_fpga_head head;

  // Required: a plugin that lacks one is refused.

  assay_fpga_status (*device_count)(uint32_t *count);
  assay_fpga_status (*device_info)(uint32_t index, assay_fpga_device_info *info);
  /// `options` is "key=value,key=value", or null or empty for none, and is not read after the call; an unknown key is
  /// ASSAY_FPGA_E_INVALID, never ignored. Opening a device that is open is ASSAY_FPGA_E_BUSY, or gives another one; one that
  /// was closed opens again, with counters at zero, and pointers of before mean nothing.
  assay_fpga_status (*device_open)(uint32_t index, const char *options, assay_fpga_device **device);
  /// Aborts and destroys the device's queues and frees its buffers, whatever of both is left. LOST: the device and its buffers
  /// stay allocated, and the device is not opened again.
  assay_fpga_status (*device_close)(assay_fpga_device *device);
  assay_fpga_status (*device_operation)(assay_fpga_device *device, uint32_t index, assay_fpga_operation_info *info);
  assay_fpga_status (*device_telemetry)(assay_fpga_device *device, assay_fpga_telemetry *telemetry);

  assay_fpga_status (*buffer_allocate)(assay_fpga_device *device, uint64_t size, assay_fpga_buffer *buffer);
  /// BUSY while a descriptor that names it is in flight.
  assay_fpga_status (*buffer_free)(assay_fpga_device *device, uint64_t handle);

  assay_fpga_status (*queue_create)(assay_fpga_device *device, const assay_fpga_queue_config *config,
                                    assay_fpga_queue **queue);
  /// Aborts first; LOST as abort.
  assay_fpga_status (*queue_destroy)(assay_fpga_queue *queue);
  /// Never blocks. Takes descriptors [0, *accepted), each wholly or not at all. FULL with *accepted == 0 when there is no
  /// room; INVALID or UNSUPPORTED blames descriptor *accepted, and those before it are in flight.
  assay_fpga_status (*queue_submit)(assay_fpga_queue *queue, const assay_fpga_descriptor *descriptors, uint32_t count,
                                    uint32_t *accepted);
  /// Returns 1 ... capacity completions in any order, or TIMEOUT when none came within `timeout_ns` of CLOCK_MONOTONIC (0
  /// polls), which holds within 10 ms even when the device is dead. A simulated device's clock runs only in this call.
  assay_fpga_status (*queue_reap)(assay_fpga_queue *queue, assay_fpga_completion *completions, uint32_t capacity,
                                  uint64_t timeout_ns, uint32_t *count);
  /// OK: the queue is empty and usable, *generation is its new one (a new queue's is 1). LOST: see above.
  assay_fpga_status (*queue_abort)(assay_fpga_queue *queue, uint32_t *generation);

  // Optional: may be null.

  assay_fpga_status (*inject_fault)(assay_fpga_device *device, uint32_t fault, uint64_t argument);
} assay_fpga_plugin;

#define ASSAY_FPGA_SYMBOL "assay_fpga_connect"

/// The one exported symbol. *plugin points at memory that lives as long as the library.
typedef assay_fpga_status (*assay_fpga_connect_function)(uint32_t major, uint32_t minor, const assay_fpga_host *host,
                                                         const assay_fpga_plugin **plugin);

// layout

#ifdef __cplusplus
#define ASSAY_FPGA_LAYOUT(condition) static_assert(condition, #condition)
#else
#define ASSAY_FPGA_LAYOUT(condition) _Static_assert(condition, #condition)
#endif
ASSAY_FPGA_LAYOUT(sizeof(void *) == 8);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_device_info) == 176);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_operation_info) == 96);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_buffer) == 32);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_descriptor) == 64);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_completion) == 40);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_queue_config) == 16);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_telemetry) == 136);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_host) == 24);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_head) == 32);
ASSAY_FPGA_LAYOUT(sizeof(assay_fpga_plugin) == 32 + 14 * 8);

#ifdef __cplusplus
}
#endif

#endif
