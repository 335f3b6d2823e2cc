/// The formats of others that can be read.
package enum ForeignFormat: String, CaseIterable, Sendable {
  /// A REDCap data dictionary.
  case redcap
  /// An XLSForm, as ODK, Kobo and SurveyCTO use it.
  case xlsform
  /// A FHIR R4 Questionnaire in JSON.
  case fhir
  /// A ReproSchema activity.
  case reproschema
  /// An item table of formr.
  case formr

  /// What people call a file of it.
  package var noun: String {
    switch self {
    case .redcap: "a REDCap data dictionary"
    case .xlsform: "an XLSForm"
    case .fhir: "a FHIR Questionnaire"
    case .reproschema: "a ReproSchema activity"
    case .formr: "a formr item table"
    }
  }
}

/// A file as it was found, with a way to those beside it.
package struct ForeignFile: Sendable {
  /// Its name without folders: what instruments without a name of their own are named after.
  package let name: String
  /// Its bytes.
  package let bytes: [UInt8]
  /// The bytes of a file by its path relative to this one; nil where there is none, or none that may be
  /// read. Formats that refer to other files use it; nothing else is opened.
  package let neighbour: @Sendable (String) -> [UInt8]?

  /// A file with its neighbours.
  package init(
    name: String, bytes: [UInt8],
    neighbour: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
  ) {
    self.name = name
    self.bytes = bytes
    self.neighbour = neighbour
  }

  /// The name without its ending.
  var stem: String {
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
    return String(name[..<point])
  }
}
