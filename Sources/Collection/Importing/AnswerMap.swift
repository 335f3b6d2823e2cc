package import Definitions

/// How the columns of a table from elsewhere become answers of a study: which column says who, when
/// and which occasion, and which columns are which items.
package struct AnswerMap: Hashable, Sendable {
  /// Who numbered the people: the same number of another source is somebody else.
  package let source: String
  /// The column that says who: a pseudonym of the study, or the source's own number.
  package let participant: String
  /// What people need who are not in the study; `nil` where nobody new may come.
  package let newcomers: Newcomers?
  /// Which occasion answers belong to.
  package let occasion: OccasionSource
  /// The columns of the moment of answering: the first with something in it counts.
  package let dates: [String]
  /// Whether rows without a date are of people who did not finish, and are left out.
  package let skipsUnfinished: Bool
  /// How dates are written; `nil` for ISO 8601.
  let dateLayout: DateLayout?
  /// The zone whose clocks the dates show, an IANA name.
  package let zone: Fact
  /// Cells that stand for no answer.
  package let missing: Set<String>
  /// What separates cells.
  package let delimiter: UInt8
  /// Whether numbers are written with a comma, `3,5`.
  package let hasDecimalComma: Bool
  /// The columns that are items.
  package let items: [ItemSource]

  /// Something that is the same for all rows, or told by a column.
  package enum Fact: Hashable, Sendable {
    case same(String)
    case column(String)
  }

  /// What is known of the people who are not in the study yet.
  package struct Newcomers: Hashable, Sendable {
    /// Their time zone, an IANA name.
    package let zone: Fact
    /// Their site; may be left open where there is only one.
    package let site: Fact?
    /// Their language; the study's first by default.
    package let language: Fact?
    /// The parts of the consent that they agreed to where they were asked.
    package let agreed: Set<String>
  }

  /// Where the occasion of answers is said.
  package enum OccasionSource: Hashable, Sendable {
    /// All rows are of one, or of its repetitions as a column numbers them, from 1.
    case all(Wave, number: String?)
    /// By a column; what is `nil` is left out. Repetitions may be numbered further by another column.
    case column(String, [String: Wave?], number: String?)
    /// A row holds several: the names of columns contain which, where the map has ``placeholder``.
    case wide([Part])
  }

  /// One occasion of a wide row.
  package struct Part: Hashable, Sendable {
    /// What stands in the names of its columns.
    package let key: String
    package let wave: Wave
  }

  /// What stands for the key of an occasion in the names of columns of a wide table.
  static let placeholder = "{wave}"

  /// An occasion of the plan.
  package struct Wave: Hashable, Sendable {
    /// Its id in the study file.
    package let plan: String
    /// Which repetition, from 0.
    package var index: Int
  }

  /// Columns whose cells are answers to an item.
  package struct ItemSource: Hashable, Sendable {
    package let instrument: String
    package let item: String
    package let cells: Cells
    /// What cells mean, by their text; others stand for themselves.
    package let recode: [String: String]
    /// Further cells that stand for no answer.
    package let missing: Set<String>
    /// How dates are written, where the item asks one; `nil` for ISO 8601.
    let dateLayout: DateLayout?
    /// Where the map names it.
    package let place: Place

    /// The names of its columns.
    var columns: [String] {
      switch cells {
      case .column(let name): [name]
      case .boxes(let boxes): boxes.map(\.column)
      }
    }
  }

  /// How an answer stands in a row.
  package enum Cells: Hashable, Sendable {
    /// In one column.
    case column(String)
    /// In a column for each option, ticked or not.
    case boxes([Box])
  }

  /// The column of one option of several.
  package struct Box: Hashable, Sendable {
    package let option: Int
    package let column: String
  }

  /// The map with the columns of one occasion of a wide table.
  func narrowed(to part: Part) -> (dates: [String], items: [ItemSource]) {
    func named(_ column: String) -> String {
      column.replacing(Self.placeholder, with: part.key)
    }
    let items = items.map { item in
      let cells: Cells =
        switch item.cells {
        case .column(let name): .column(named(name))
        case .boxes(let boxes):
          .boxes(boxes.map { Box(option: $0.option, column: named($0.column)) })
        }
      return ItemSource(
        instrument: item.instrument, item: item.item, cells: cells, recode: item.recode,
        missing: item.missing, dateLayout: item.dateLayout, place: item.place)
    }
    return (dates.map(named), items)
  }
}
