import RealModule

/// The natural logarithm, spelled once so that files of algebra need no import.
@inline(__always)
func logarithm(_ value: Double) -> Double { Double.log(value) }
