/// Whether all numbers are finite: the sum of their products with 0 is 0 then, and NaN otherwise.
///
/// Eight at a time: every fit looks at every number of the data, and one by one that would take as
/// long as the fit.
func areFinite(_ values: [Double]) -> Bool {
  let whole = values.count & ~7
  var sums = SIMD8<Double>.zero
  unsafe values.withUnsafeBytes { bytes in
    for start in stride(from: 0, to: whole, by: 8) {
      let eight = unsafe bytes.loadUnaligned(fromByteOffset: 8 * start, as: SIMD8<Double>.self)
      sums += eight * 0
    }
  }
  return sums == .zero && values[whole...].allSatisfy(\.isFinite)
}
