/// The names of the report's figures, which are also the stems of their files.
enum FigureName {
  /// What became of everybody's occasions.
  static let compliance = "compliance"

  /// The course of a column; column names may hold capitals and `_`, file names here do not.
  static func course(of column: String) -> String { "course-" + plain(column) }

  /// The coefficients of a model.
  static func coefficients(of model: String) -> String { "coefficients-" + plain(model) }

  /// The residuals and random effects of a model.
  static func residuals(of model: String) -> String { "residuals-" + plain(model) }

  /// A covariate within persons and between them, in a model.
  static func exposure(of column: String, in model: String) -> String {
    "exposure-" + plain(model) + "-" + plain(column)
  }

  private static func plain(_ name: String) -> String {
    String(
      name.lowercased().map { character in
        character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
      })
  }
}
