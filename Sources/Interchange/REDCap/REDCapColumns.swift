/// The 18 columns of a data dictionary, by the names that the API gives them.
enum REDCapColumn: String, CaseIterable {
  case fieldName = "field_name"
  case formName = "form_name"
  case sectionHeader = "section_header"
  case fieldType = "field_type"
  case fieldLabel = "field_label"
  case choices = "select_choices_or_calculations"
  case fieldNote = "field_note"
  case validation = "text_validation_type_or_show_slider_number"
  case least = "text_validation_min"
  case most = "text_validation_max"
  case identifier = "identifier"
  case branching = "branching_logic"
  case required = "required_field"
  case alignment = "custom_alignment"
  case questionNumber = "question_number"
  case matrixGroup = "matrix_group_name"
  case matrixRanking = "matrix_ranking"
  case annotation = "field_annotation"

  /// The name in the file that the Online Designer writes and reads.
  var title: String {
    switch self {
    case .fieldName: "Variable / Field Name"
    case .formName: "Form Name"
    case .sectionHeader: "Section Header"
    case .fieldType: "Field Type"
    case .fieldLabel: "Field Label"
    case .choices: "Choices, Calculations, OR Slider Labels"
    case .fieldNote: "Field Note"
    case .validation: "Text Validation Type OR Show Slider Number"
    case .least: "Text Validation Min"
    case .most: "Text Validation Max"
    case .identifier: "Identifier?"
    case .branching: "Branching Logic (Show field only if...)"
    case .required: "Required Field?"
    case .alignment: "Custom Alignment"
    case .questionNumber: "Question Number (surveys only)"
    case .matrixGroup: "Matrix Group Name"
    case .matrixRanking: "Matrix Ranking?"
    case .annotation: "Field Annotation"
    }
  }

  /// All names under which the column is found. Older versions wrote the last six differently; a file
  /// that went through R has points for everything that is no letter.
  private var names: [String] { Self.names[self] ?? [] }

  private static let names = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.spellings) })

  private var spellings: [String] {
    let asInR = String(
      title.unicodeScalars.map {
        $0.properties.isAlphabetic || $0.isASCIIDigit ? Character($0) : "."
      })
    let older: [String] =
      switch self {
      case .choices: ["Choices OR Calculations", "Choices or Calculations"]
      case .validation: ["Text Validation Type"]
      case .branching: ["Branching Logic", "Branching.Logic"]
      case .matrixGroup: ["Matrix Group Name"]
      default: []
      }
    return [rawValue, title, asInR] + older
  }

  /// Those that every field uses.
  static let used: Set<REDCapColumn> = [
    .fieldName, .formName, .sectionHeader, .fieldType, .fieldLabel, .fieldNote, .identifier,
    .branching, .required, .matrixGroup, .annotation,
  ]

  /// Those that fields of a type use besides.
  static func used(by type: String) -> Set<REDCapColumn> {
    switch type {
    case "radio", "dropdown", "select": [.choices, .matrixRanking]
    case "checkbox", "calc", "yesno", "truefalse": [.choices]
    case "slider": [.choices, .validation, .least, .most]
    case "text": [.validation, .least, .most]
    default: []
    }
  }

  /// Why its value has no place here where a field's type does not use it.
  var reason: String {
    switch self {
    case .alignment: "how an item looks is ours"
    case .questionNumber: "questions here have no numbers"
    case .choices: "an item of this type has no options here"
    case .validation, .least, .most: "an answer of this type is not checked so"
    default: "an item of this type has no place for it"
    }
  }

  /// All names of all columns, in small letters.
  static let known = Set(allCases.flatMap(\.names).map { $0.lowercased() })

  /// The text of the column in a row.
  func text(_ row: Sheet.Row, in sheet: Sheet) -> String { sheet.text(row, names) }

  /// Whether a table has the column.
  func isIn(_ sheet: Sheet) -> Bool { names.contains { sheet.has($0) } }
}
