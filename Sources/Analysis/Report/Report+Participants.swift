import Storage
import Tables

extension Report {
  /// Who was in it, and how complete it is.
  mutating func participants() -> HTML {
    let flow = results.flow
    let allocated: HTML =
      results.study.arms.isEmpty
      ? ""
      : """
       Of these, \(flow.allocated) were allocated to an arm\
      \(flow.notAllocated > 0
        ? "; \(flow.notAllocated) did not complete what allocation waits for, and are in no model with arm" : "").
      """
    let withdrawn = flow.arms.reduce(0) { $0 + $1.withdrawn }
    let stopped = flow.arms.reduce(0) { $0 + $1.stoppedAnswering }
    let leaving: HTML =
      results.plan.describe.attrition
      ? """
      <p>\(leavingWords(withdrawn: withdrawn, stopped: stopped))</p>

      """ : ""
    let late: HTML =
      results.data.lateCount > 0
      ? """
      <p>\(NumberText.counted(results.data.lateCount, "session", "sessions")) came after the window \
      and its grace and count as missing.</p>

      """ : ""
    let flowHTML = results.study.arms.isEmpty ? HTML("") : numbered(flowTable())
    let start = results.baseline.lines.isEmpty ? HTML("") : numbered(baselineTable())
    let completeness = results.plan.describe.compliance ? numbered(completenessTable()) : ""
    let map = figure(
      FigureName.compliance,
      caption: """
        What became of every planned occasion, a row for each of \
        \(results.mapsSample ? "\(AnalysisResults.mostMapped) people in each arm" : "the people"), those \
        who submitted most above: filled, submitted; half filled, begun and left; a thin line, missed; \
        empty, not due.
        """)
    let leavers = attrition()
    let missing = missingTable().map { numbered($0) } ?? ""
    let patterns = patterns()
    return """
      <section>
      <h2>Participants</h2>
      <p>\(NumberText.counted(flow.enrolled, "person", "people")) enrolled and \(flow.consented) \
      consented.\(allocated)</p>
      \(leaving)\(late)\(flowHTML)\(start)\(completeness)\(map)\(leavers)\(missing)\(patterns)</section>

      """
  }

  private func leavingWords(withdrawn: Int, stopped: Int) -> String {
    let who = results.study.arms.isEmpty ? "Of all participants" : "Of those allocated"
    let left = withdrawn == 0 ? "none withdrew" : "\(withdrawn) withdrew"
    let silent =
      stopped == 0
      ? "everybody else answered the last occasion that was due"
      : "\(stopped)\(withdrawn == 0 ? "" : " more") left the last occasion that was due unanswered"
    return "\(who), \(left), and \(silent)."
  }

  private func flowTable() -> ReportTable {
    ReportTable(
      caption: "Flow of participants by arm.",
      headers: ["Arm", "Allocated", "Withdrew", "Stopped answering", "In the analysis"],
      groups: [
        .init(
          heading: nil,
          rows: results.flow.arms.map { arm in
            let analysed = Set(
              results.data.rows.filter { $0.arm == arm.arm && $0.state != .missed }
                .map(\.participant))
            return .init(
              name: arm.arm ?? "everyone",
              cells: [arm.participants, arm.withdrawn, arm.stoppedAnswering, analysed.count].map {
                "\($0)"
              })
          })
      ])
  }

  /// The people at the start: shares as `40 (48 %)`, means as `4.53 (0.94)`.
  private func baselineTable() -> ReportTable {
    let baseline = results.baseline
    let people = results.study.arms.isEmpty ? "everyone" : "everyone allocated"
    let headers: [HTML] = baseline.groups.map { "\($0 ?? people)" }
    return ReportTable(
      caption: """
        Participants at the start: number and share of people, or mean and standard deviation with \
        the number of values. Nothing is tested: after random allocation, differences are by chance.
        """,
      headers: ["", "At"] + headers,
      groups: [
        .init(
          heading: nil,
          rows: baseline.lines.map { line in
            .init(name: line.name, cells: ["\(line.at)"] + line.cells.map(cell))
          })
      ])
  }

  private func cell(_ cell: BaselineCharacteristics.Cell) -> HTML {
    switch cell {
    case .people(let count, let all):
      "\(count) (\(NumberText.percent(all == 0 ? nil : Double(count) / Double(all))))"
    case .values(let count, let mean, let deviation):
      "\(NumberText.fixed(mean, 2)) (\(NumberText.fixed(deviation, 2))), <i>n</i> = \(count)"
    }
  }

  /// Where the rows are that a table of long series leaves out; empty where it leaves out none.
  private func thinned(_ file: String, _ items: [Descriptive]? = nil) -> HTML {
    let slots = results.data.slots
    let told = items.map { Set($0.map(\.slot)) }
    let long = OccasionSeries(slots).long.filter { positions in
      positions.contains { told?.contains($0) != false }
    }
    guard !long.isEmpty else { return "" }
    let names = long.compactMap { positions in
      positions.first.map { "\(slots[$0].plan) (\(positions.count))" }
    }
    return
      " Of \(NumberText.list(names)) some are shown; all are in <code>tables/\(file).csv</code>."
  }

  private func completenessTable() -> ReportTable {
    let series = OccasionSeries(results.data.slots)
    return ReportTable(
      caption: """
        Completeness: submitted out of due, by occasion. Occasions that had not closed when the data \
        were read, and those cancelled after a withdrawal, are not due.\(thinned("completeness"))
        """,
      headers: [
        "Occasion", "Due", "Submitted", "Partial", "Missed", "Cancelled", "Not yet", "Complete",
      ],
      groups: results.flow.arms.map { arm in
        .init(
          heading: arm.arm,
          rows: (series.shown.map { arm.slots[$0] } + series.long.map { arm.total(of: $0) }).map {
            slot in
            .init(
              name: slot.label,
              cells: [
                slot.due, slot.submitted, slot.partial, slot.missed, slot.cancelled, slot.notYet,
              ].map { "\($0)" } + ["\(NumberText.percent(slot.compliance))"])
          })
      })
  }

  /// Why values are missing; `nil` if none is, or the plan does not ask.
  private func missingTable() -> ReportTable? {
    guard results.plan.describe.missing else { return nil }
    let columns = results.outcomes.compactMap { results.data.table[$0] }
    let rows = results.outcomes.map { name in
      results.data.rows.indices.filter {
        results.asked[name]?.contains(results.data.rows[$0].slot) == true
      }
    }
    let counts = zip(columns, rows).map { column, rows in
      Dictionary(grouping: rows.compactMap { column.missingReasons?[$0] }, by: \.self)
        .mapValues(\.count)
    }
    let reasons = MissingReason.allCases.filter { reason in counts.contains { $0[reason] != nil } }
    guard !reasons.isEmpty else { return nil }
    let headers: [HTML] = reasons.map {
      "\($0.label.prefix(1).uppercased() + $0.label.dropFirst())"
    }
    return ReportTable(
      caption:
        "Missing values by reason, out of the due occasions of all participants that ask for the outcome.",
      headers: ["Outcome", "Due"] + headers,
      groups: [
        .init(
          heading: nil,
          rows: columns.indices.map { place in
            .init(
              name: columns[place].label,
              cells: ["\(rows[place].count)"] + reasons.map { "\(counts[place][$0] ?? 0)" })
          })
      ])
  }

  /// Means over time, with a figure each.
  mutating func courses() -> HTML {
    var pieces: [HTML] = []
    let people =
      results.showsSample
      ? "the courses of \(AnalysisResults.mostLines) people in each arm" : "everyone’s own course"
    for column in results.outcomes {
      let items = results.descriptives.filter { $0.column == column }
      guard !items.isEmpty else { continue }
      pieces.append("<h3>\(results.label(of: column))</h3>\n")
      pieces.append(
        figure(
          FigureName.course(of: column),
          caption: """
            \(results.label(of: column)) by arm: \(people) (thin lines), means with \
            95&nbsp;% intervals (points), and the other arms’ means to compare (thin). <i>n</i> is how \
            many gave a value.
            """))
      pieces.append(numbered(descriptiveTable(column, items)))
    }
    guard !pieces.isEmpty else { return "" }
    return "<section>\n<h2>Courses over time</h2>\n\(pieces)</section>\n"
  }

  private func descriptiveTable(_ column: String, _ items: [Descriptive]) -> ReportTable {
    var arms: [String?] = []
    for item in items where !arms.contains(item.arm) { arms.append(item.arm) }
    let shown = Set(OccasionSeries(results.data.slots).shown)
    // Two at least, and more where the values of the column are small.
    let spread = items.map(\.deviation).filter(\.isFinite).max() ?? .nan
    let decimals = max(2, NumberText.decimals(standardError: spread))
    return ReportTable(
      caption:
        "\(results.label(of: column)), by arm and occasion.\(thinned("descriptives", items))",
      headers: [
        "Occasion", "<i>n</i>", "Missing", "Mean", "95&nbsp;% interval", "SD", "Range",
      ],
      groups: arms.map { arm in
        .init(
          heading: arm,
          rows: items.filter { $0.arm == arm && shown.contains($0.slot) }.map { item in
            .init(
              name: results.data.slots[item.slot].label,
              cells: [
                "\(item.count)", "\(item.missing)", "\(NumberText.fixed(item.mean, decimals))",
                "\(interval(item.lower, item.upper, decimals))",
                "\(NumberText.fixed(item.deviation, decimals))",
                "\(interval(item.least, item.most, decimals - 1))",
              ])
          })
      })
  }

  /// `2.10 to 2.50`; a dash where there is none.
  func interval(_ lower: Double, _ upper: Double, _ decimals: Int) -> String {
    guard lower.isFinite, upper.isFinite else { return "–" }
    return "\(NumberText.fixed(lower, decimals)) to \(NumberText.fixed(upper, decimals))"
  }
}
