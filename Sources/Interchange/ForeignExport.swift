package import Instruments

/// Writes our instruments in other people's formats.
package enum ForeignExport {
  /// An instrument in a format; what the format cannot say is listed.
  package static func write(_ instrument: Instrument, as format: ExportFormat) -> ExportOutcome {
    switch format {
    case .redcap: REDCapWriter.write(instrument)
    case .fhir: QuestionnaireWriter.write(instrument)
    }
  }
}

extension Item {
  /// What scores use for an option: recoded, reversed, or its own number; nil where it counts as missing.
  func keyed(_ value: Int) -> Double? {
    if let recode { return recode[value] }
    guard isReversed, let range else { return Double(value) }
    return range.lowerBound + range.upperBound - Double(value)
  }

  /// Whether scores use other numbers than the answers.
  var isKeyed: Bool { isReversed || recode != nil }
}
