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
    let completeness = results.plan.describe.compliance ? numbered(completenessTable()) : ""
    let leavers = attrition()
    let missing = missingTable().map { numbered($0) } ?? ""
    let patterns = patterns()
    return """
      <section>
      <h2>Participants</h2>
      <p>\(NumberText.counted(flow.enrolled, "person", "people")) enrolled and \(flow.consented) \
      consented.\(allocated)</p>
      \(leaving)\(late)\(flowHTML)\(completeness)\(leavers)\(missing)\(patterns)</section>

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

  private func completenessTable() -> ReportTable {
    ReportTable(
      caption: """
        Completeness: submitted out of due, by occasion. Occasions that had not closed when the data \
        were read, and those cancelled after a withdrawal, are not due.
        """,
      headers: [
        "Occasion", "Due", "Submitted", "Partial", "Missed", "Cancelled", "Not yet", "Complete",
      ],
      groups: results.flow.arms.map { arm in
        .init(
          heading: arm.arm,
          rows: arm.slots.map { slot in
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
    let counts = columns.map { column in
      Dictionary(grouping: (column.missingReasons ?? []).compactMap(\.self), by: \.self)
        .mapValues(\.count)
    }
    let reasons = MissingReason.allCases.filter { reason in counts.contains { $0[reason] != nil } }
    guard !reasons.isEmpty else { return nil }
    let headers: [HTML] = reasons.map {
      "\($0.label.prefix(1).uppercased() + $0.label.dropFirst())"
    }
    return ReportTable(
      caption:
        "Missing values by reason, out of \(results.data.table.rowCount) due occasions of all participants.",
      headers: ["Outcome"] + headers,
      groups: [
        .init(
          heading: nil,
          rows: zip(columns, counts).map { column, counts in
            .init(name: column.label, cells: reasons.map { "\(counts[$0] ?? 0)" })
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
    // Two at least, and more where the values of the column are small.
    let spread = items.map(\.deviation).filter(\.isFinite).max() ?? .nan
    let decimals = max(2, NumberText.decimals(standardError: spread))
    return ReportTable(
      caption: "\(results.label(of: column)), by arm and occasion.",
      headers: [
        "Occasion", "<i>n</i>", "Missing", "Mean", "95&nbsp;% interval", "SD", "Range",
      ],
      groups: arms.map { arm in
        .init(
          heading: arm,
          rows: items.filter { $0.arm == arm }.map { item in
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
