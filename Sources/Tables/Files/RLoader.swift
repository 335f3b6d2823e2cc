/// A script that reads a folder of tables into R, with base R alone.
package struct RLoader: Sendable {
  package var tables: [Table]

  /// A loader of tables that lie beside it as `<name>.csv`.
  package init(tables: [Table]) { self.tables = tables }

  /// `load.R`: makes a list `study` with one data frame per table.
  ///
  /// Coded texts become factors with every declared level, numbers with labelled options keep their
  /// numbers and carry an attribute `labels`, moments become `POSIXct` in UTC, days `Date`. Texts reach
  /// R as escaped literals.
  package func script() -> String {
    var script = """
      # Reads the tables beside this file: source("load.R", chdir = TRUE), then study$occasions and so on.
      # codebook.csv says what each column means.

      read_table <- function(name, classes) {
        utils::read.csv(paste0(name, ".csv"), colClasses = classes, na.strings = "",
                        check.names = FALSE, encoding = "UTF-8")
      }
      as_instant <- function(text) as.POSIXct(text, format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")
      as_truth <- function(text) text == "true"
      described <- function(column, label, labels = NULL) {
        attr(column, "label") <- label
        if (!is.null(labels)) attr(column, "labels") <- labels
        column
      }

      study <- list()

      """
    for table in tables { append(table, to: &script) }
    return script
  }

  private func append(_ table: Table, to script: inout String) {
    let name = Self.literal(table.name)
    let classes = table.columns.flatMap { column -> [String] in
      let own = Self.literal(column.values.readAs)
      return column.missingReasons == nil ? [own] : [own, Self.literal("character")]
    }
    script += "\nstudy[[\(name)]] <- read_table(\(name), c(\(Self.wrapped(classes))))\n"
    script += "study[[\(name)]] <- within(study[[\(name)]], {\n"
    for column in table.columns.reversed() { append(column, to: &script) }
    script += "})[names(study[[\(name)]])]\n"
  }

  private func append(_ column: Column, to script: inout String) {
    let name = Self.symbol(column.name)
    let converted: String =
      switch column.values {
      case .number, .integer: name
      case .truth: "as_truth(\(name))"
      case .instant: "as_instant(\(name))"
      case .date: "as.Date(\(name))"
      case .text:
        column.codes.isEmpty
          ? name
          : "factor(\(name), levels = c(\(Self.wrapped(column.codes.map { Self.literal($0.text) }))))"
      }
    let labels = column.valueLabels.map { "\(Self.literal($0.label)) = \($0.value)" }
    let label = Self.literal(column.label.isEmpty ? column.name : column.label)
    let ending = labels.isEmpty ? "" : ", c(\(Self.wrapped(labels)))"
    script += "  \(name) <- described(\(converted), \(label)\(ending))\n"
  }

  private static func wrapped(_ parts: [String]) -> String { parts.joined(separator: ", ") }

  /// A text as an R string; everything but plain ASCII is escaped.
  package static func literal(_ text: String) -> String { quoted(text, by: "\"") }

  /// A column's name as an R symbol.
  private static func symbol(_ name: String) -> String { quoted(name, by: "`") }

  private static func quoted(_ text: String, by mark: Unicode.Scalar) -> String {
    var quoted = String(mark)
    for scalar in text.unicodeScalars {
      switch scalar {
      case mark, "\\": quoted += "\\" + String(scalar)
      case " "..."~": quoted.unicodeScalars.append(scalar)
      case "\0": continue
      default: quoted += "\\U{\(String(scalar.value, radix: 16))}"
      }
    }
    return quoted + String(mark)
  }
}

extension ColumnValues {
  /// The class that R reads the text as, before it is converted.
  fileprivate var readAs: String {
    switch self {
    // Whole numbers too: R's own stop at 2³¹.
    case .number, .integer: "numeric"
    case .text, .truth, .instant, .date: "character"
    }
  }
}
