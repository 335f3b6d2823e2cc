/// A table of the report, readable by people and by screen readers.
struct ReportTable {
  /// What it shows, as a caption; tables are numbered in the order of the report.
  var caption: HTML
  /// The headers; the first is of the rows' names.
  var headers: [HTML]
  var groups: [Group]

  /// Rows under a common heading, or without one.
  struct Group {
    var heading: String?
    var rows: [Row]
  }

  /// A row: its name and its cells.
  struct Row {
    var name: String
    var cells: [HTML]
  }

  /// Whether it stays on one printed page; a longer one would leave too much of the page before empty.
  private var isShort: Bool { groups.reduce(0) { $0 + $1.rows.count + 1 } <= 14 }

  /// The table as markup.
  func html(number: Int) -> HTML {
    let head: [HTML] = headers.enumerated().map { position, header in
      position == 0
        ? "<th scope=\"col\" class=\"word\">\(header)</th>" : "<th scope=\"col\">\(header)</th>"
    }
    let kind: HTML = isShort ? " class=\"short\"" : ""
    // Narrow screens stack the cells of a row, each below the header of its column.
    let labels = headers.dropFirst().map(\.withoutElements)
    let bodies: [HTML] = groups.map { group in
      let heading: HTML =
        group.heading.map {
          "<tr><th scope=\"rowgroup\" colspan=\"\(headers.count)\">\($0)</th></tr>"
        } ?? ""
      let rows: [HTML] = group.rows.map { row in
        let cells: [HTML] = zip(labels, row.cells).map { "<td data-label=\"\($0)\">\($1)</td>" }
        return "<tr><th scope=\"row\">\(row.name)</th>\(cells)</tr>\n"
      }
      return "<tbody>\(heading)\(rows)</tbody>\n"
    }
    return """
      <p class="caption" id="table-\(number)"><b>Table \(number).</b> \(caption)</p>
      <div class="scroll" role="region" tabindex="0" aria-labelledby="table-\(number)">\
      <table\(kind) aria-labelledby="table-\(number)">
      <thead><tr>\(head)</tr></thead>
      \(bodies)</table></div>

      """
  }
}
