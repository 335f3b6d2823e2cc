/// One of our instruments in a format of others, with what that format cannot say.
package struct ExportOutcome: Sendable {
  /// The file.
  package let bytes: [UInt8]
  /// What is not in it, or not unchanged.
  package internal(set) var notCarried: [NotCarried]
}

/// The formats of others that can be written.
package enum ExportFormat: String, CaseIterable, Sendable {
  /// A REDCap data dictionary of one form.
  case redcap
  /// A FHIR R4 Questionnaire in JSON.
  case fhir
}
