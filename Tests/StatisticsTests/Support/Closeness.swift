import Testing

/// Whether two numbers agree to a relative or an absolute tolerance, whichever is wider.
func isClose(_ value: Double, _ reference: Double, relative: Double, absolute: Double = 0) -> Bool {
  abs(value - reference) <= max(relative * abs(reference), absolute)
}

/// Expects agreement number by number and names the first that differs.
func expectClose(
  _ values: [Double], _ references: [Double], relative: Double, absolute: Double = 0,
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(values.count == references.count, "\(what)", sourceLocation: sourceLocation)
  for (position, (value, reference)) in zip(values, references).enumerated() {
    #expect(
      isClose(value, reference, relative: relative, absolute: absolute),
      "\(what)[\(position)]: \(value), reference \(reference)", sourceLocation: sourceLocation)
  }
}
