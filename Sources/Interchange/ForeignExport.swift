package import Instruments

/// Writes our instruments in other people's formats.
package enum ForeignExport {
  /// An instrument in a format; what the format cannot say is listed.
  ///
  /// The file is read again before it is handed over, so that whatever would come back changed is in the
  /// list, also where no rule of the writer foresaw it.
  ///
  /// - Parameter wordings: the same instrument in other languages.
  package static func write(
    _ instrument: Instrument, wordings: [Instrument] = [], as format: ExportFormat
  ) -> ExportOutcome {
    var outcome =
      switch format {
      case .redcap: REDCapWriter.write(instrument, wordings: wordings)
      case .fhir: QuestionnaireWriter.write(instrument, wordings: wordings)
      }
    outcome.notCarried += ReturnCheck.losses(of: instrument, wordings, in: outcome, as: format)
    return outcome
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

extension Instrument {
  /// What no format of others has a place for.
  ///
  /// - Parameter holder: the format's name for a form: `a Questionnaire`.
  func partsWithoutCounterpart(in holder: String) -> [NotCarried] {
    var losses: [NotCarried] = []
    func lose(_ what: String, of item: String, _ why: String) {
      losses.append(NotCarried(item: item, what: what, why: why))
    }
    lose("construct, recall, wording", of: id, "\(holder) has no place for them")
    if !checks.isEmpty {
      lose("attention checks", of: id, "\(holder) has no expected answers: check the data")
    }
    for block in randomBlocks {
      guard let first = block.units.first else { continue }
      lose("random order", of: items[first.lowerBound].id, "\(holder) has one order")
    }
    for item in items {
      if item.isDistress {
        lose("distress", of: item.id, "\(holder) has no safety plan: make one there")
      }
      if item.isOnce { lose("once", of: item.id, "\(holder) knows of no earlier session") }
      if item.requirement == .no {
        lose("required: no", of: item.id, "\(holder) asks nothing again: none is marked so")
      }
    }
    return losses
  }
}
