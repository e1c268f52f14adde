// Prices the book of this repository, or the one that the first argument names, and writes what `assay price` writes, with a receipt.
import Assay
import AssayFormats

let path = CommandLine.arguments.dropFirst().first ?? "examples/book.csv"
let engine = try Engine()
let book = try BookFile(contentsOf: path, asOf: "2026-11-21")
let run = try engine.price(book, .price, .delta, .vega)

for row in run.rows.prefix(3) {
  print(row.id, row[.price] ?? .nan, row[.delta] ?? .nan, row.reason ?? "priced")
}
print("\(run.rows.count(where: { $0.reason == nil })) of \(run.rows.count) options priced")
if CommandLine.arguments.count == 4 {
  try run.write(to: CommandLine.arguments[2], receipt: CommandLine.arguments[3])
}
