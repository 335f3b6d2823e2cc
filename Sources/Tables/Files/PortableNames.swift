/// Names that SPSS and Stata both take, for columns whose own names they would refuse.
///
/// At most 32 letters, digits and underscores, the first a letter; no two alike when case is ignored;
/// none that either program keeps for itself. `needs-6.autonomy` becomes `needs_6_autonomy`.
package struct PortableNames: Sendable {
  /// The longest name that Stata takes, in characters; SPSS takes 64 bytes.
  static let longest = 32

  private let byName: [String: String]

  /// Names for columns, given out in the order of the columns.
  package init(of names: [String]) {
    var taken: Set<String> = []
    var byName: [String: String] = [:]
    for name in names where byName[name] == nil {
      let plain = Self.plain(name)
      var candidate = String(plain.prefix(Self.longest))
      var number = 2
      while !taken.insert(candidate.lowercased()).inserted {
        let ending = "_\(number)"
        candidate = String(plain.prefix(Self.longest - ending.count)) + ending
        number += 1
      }
      byName[name] = candidate
    }
    self.byName = byName
  }

  /// The portable name of a column; its own name if it was not among those given.
  package subscript(_ name: String) -> String { byName[name] ?? name }

  private static func plain(_ name: String) -> String {
    var plain = String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" })
    if plain.unicodeScalars.first.map({ !$0.properties.isAlphabetic }) ?? true {
      plain = "v_" + plain
    }
    return reserved.contains(plain.lowercased()) || isStringType(plain) ? plain + "_" : plain
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }

  /// `str8` is a type in Stata.
  private static func isStringType(_ name: String) -> Bool {
    name.hasPrefix("str") && name.dropFirst(3).allSatisfy(\.isNumber)
  }

  /// Words of the two languages (SPSS Command Syntax Reference, "Variable names"; Stata User's Guide,
  /// 11.3 "Naming conventions"), in small letters.
  private static let reserved: Set<String> = [
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
    "byte", "double", "float", "if", "in", "int", "long", "strl", "using",
  ]
}

extension Table {
  /// What the columns of these tables are called in SPSS and Stata files, as a table.
  package static func portableNames(of tables: [Table]) -> Table {
    let rows = tables.flatMap { table in
      let names = table.columns.flatMap(FileColumn.all).map(\.name)
      let portable = PortableNames(of: names)
      return names.map { (table: table.name, column: $0, name: portable[$0]) }
    }
    return Table(
      uncheckedName: "names", title: "One row per variable of the SPSS and Stata files",
      columns: [
        Column("table", .text(rows.map(\.table)), definition: "file, without its ending"),
        Column("column", .text(rows.map(\.column)), definition: "name in the codebook"),
        Column("name", .text(rows.map(\.name)), definition: "name in SPSS and Stata files"),
      ], rowCount: rows.count)
  }
}
