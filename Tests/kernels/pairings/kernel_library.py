"""The kernel tables as a shared object, called from Python through ctypes: one function per operation and table."""
import ctypes
import glob
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
KINDS = ["f64", "u64", "u32", "u8", "verdict", "bytes", "message"]
ROLES = ["in", "shared", "out", "optional"]
ACCEPTED = 0xA5


class Column(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("offsets", ctypes.c_void_p)]


class ColumnDescription(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("kind", ctypes.c_int), ("role", ctypes.c_int), ("width", ctypes.c_int32),
                ("fallback", ctypes.c_double)]


class OperationDescription(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("version", ctypes.c_int32), ("chunk", ctypes.c_int32), ("digest", ctypes.c_char_p),
                ("columns", ctypes.POINTER(ColumnDescription)), ("column_count", ctypes.c_int32),
                ("seeds", ctypes.c_void_p), ("seed_bytes", ctypes.c_int64)]


class Reason(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint8), ("name", ctypes.c_char_p), ("sentence", ctypes.c_char_p)]


def build(path, flags=("-O2",)):
    """Compiles every kernel table into the shared object `path`."""
    sources = glob.glob(ROOT + "/kernels/isa/*.c") + glob.glob(ROOT + "/kernels/operations/*.c")
    subprocess.check_call(["clang", "-std=c17", "-shared", "-fPIC", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-fuse-ld=lld", *flags,
                           *("-I%s/kernels%s" % (ROOT, p) for p in ("", "/include", "/operations")), *sources, "-o", path])
    return path


class Kernels:
    """kernels.run("avx2", "groth16_bn254", verificationKey=..., proof=[...], publicInputs=[...]) -> {"verdict": [...]}"""

    def __init__(self, flags=("-O2",)):
        """Builds the tables, or takes the shared object that ASSAY_KERNEL_LIBRARY names and an earlier build() left."""
        path = os.environ.get("ASSAY_KERNEL_LIBRARY")
        if not path:
            self.work = tempfile.TemporaryDirectory()
            path = build(os.path.join(self.work.name, "kernels.so"), flags)
        self.library = ctypes.CDLL(path)
        self.library.assay_operations.restype = ctypes.POINTER(OperationDescription)
        self.library.assay_reasons.restype = ctypes.POINTER(Reason)
        count = ctypes.c_int32()
        reasons = self.library.assay_reasons(ctypes.byref(count))
        self.reasons = {reasons[i].code: reasons[i].name.decode() for i in range(count.value)}
        self.reasons[ACCEPTED] = "accepted"
        self.operations = {}
        operations = self.library.assay_operations()
        index = 0
        names = self._operation_names()
        for index, name in enumerate(names):
            assert operations[index].name.decode() == name
            self.operations[name] = (index, operations[index])

        class Table(ctypes.Structure):
            _fields_ = [("name", ctypes.c_char_p), ("family", ctypes.c_int), ("requires", ctypes.c_char_p),
                        ("available", ctypes.CFUNCTYPE(ctypes.c_int)), ("kernels", ctypes.c_void_p * len(names))]

        self.library.assay_kernel_tables.restype = ctypes.POINTER(ctypes.POINTER(Table))
        tables = self.library.assay_kernel_tables()
        self.tables, i = {}, 0
        while tables[i]:
            table = tables[i].contents
            if table.available():
                self.tables[table.name.decode()] = table
            i += 1

    @staticmethod
    def _operation_names():
        import re
        text = open(ROOT + "/kernels/operations/operations.def").read()
        return re.findall(r"^OPERATION\((\w+), \d", text, re.M)

    def providers(self, operation):
        index = self.operations[operation][0]
        return [name for name, table in self.tables.items() if table.kernels[index]]

    def prepare(self, table, operation, **inputs):
        """Returns (call(first, end), outputs, rows) over memory that stays alive with the closure."""
        index, description = self.operations[operation]
        kernel = ctypes.CFUNCTYPE(None, ctypes.POINTER(Column), ctypes.c_int64, ctypes.c_int64)(
            self.tables[table].kernels[index])
        columns = (Column * description.column_count)()
        keep, outputs, rows = [], {}, None
        for i in range(description.column_count):
            d = description.columns[i]
            if ROLES[d.role] == "in":
                rows = len(inputs[d.name.decode()])
        for i in range(description.column_count):
            d = description.columns[i]
            name, kind, role = d.name.decode(), KINDS[d.kind], ROLES[d.role]
            if role in ("in", "shared"):
                # A shared message that is not given is empty.
                values = [inputs.get(name, b"")] if role == "shared" else inputs[name]
                if kind != "message":
                    assert all(len(v) == d.width for v in values), name
                data = ctypes.create_string_buffer(b"".join(values), max(1, sum(map(len, values))))
                columns[i].data = ctypes.addressof(data)
                keep.append(data)
                if kind == "message":
                    offsets = (ctypes.c_int64 * (len(values) + 1))()
                    for k, v in enumerate(values):
                        offsets[k + 1] = offsets[k] + len(v)
                    columns[i].offsets = ctypes.addressof(offsets)
                    keep.append(offsets)
            else:
                data = ctypes.create_string_buffer(max(1, d.width * rows))
                columns[i].data = ctypes.addressof(data)
                outputs[name] = (data, d.width, kind)
                keep.append(data)

        def call(first=0, end=rows, keep=keep):
            kernel(columns, first, end)

        return call, outputs, rows

    def run(self, table, operation, **inputs):
        call, outputs, rows = self.prepare(table, operation, **inputs)
        call()
        result = {}
        for name, (data, width, kind) in outputs.items():
            cells = [data.raw[width * i:width * (i + 1)] for i in range(rows)]
            result[name] = [self.reasons.get(c[0], "unwritten %d" % c[0]) for c in cells] if kind == "verdict" else cells
        return result


if __name__ == "__main__":
    # python3 kernel_library.py kernels.so: builds the tables once for several programs.
    build(sys.argv[1])
