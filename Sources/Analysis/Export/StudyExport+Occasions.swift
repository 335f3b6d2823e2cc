import Foundation
import LocalTime
import Storage
import Tables

extension StudyExport {
  /// One row per planned occasion: what was to happen when, and what did.
  func occasionsTable() throws -> Table {
    let rows = data.occasions
    let clocks = LocalClocks()
    func moment(
      _ name: String, _ label: String, _ definition: String,
      absent: @escaping (OccasionRow) -> Tables.MissingReason, _ value: (OccasionRow) -> Date?
    ) -> [Column] {
      let moments = rows.map(value)
      let reasons = zip(rows, moments).map { $1 == nil ? absent($0) : nil }
      let locals = zip(rows, moments).map { row, moment in
        moment.map { clocks.read($0, in: row.occasion) }
      }
      return [
        Self.instants(name, label, definition, moments, reasons: reasons),
        Column(
          name + "_local", .text(locals.map { $0?.text }), label: "\(label), local",
          definition: "\(definition); wall clock of the occasion's zone"),
        Column(
          name + "_offset", .integer(locals.map { $0.map { $0.offsetSeconds / 60 } }),
          label: "\(label), offset", definition: "local time minus UTC", unit: "minutes"),
      ]
    }
    func noSession(_ row: OccasionRow) -> Tables.MissingReason { Self.absence(of: row) }
    var columns = keyColumns(rows)
    columns += [
      Column(
        "state", .text(rows.map(\.occasion.state.rawValue)), label: "state",
        definition: "what became of the occasion", codes: ColumnCodes.occasionStates),
      Column(
        "late", .truth(rows.map(\.isLate)), label: "late",
        definition: "submitted after the window and its grace; analyses leave these out"),
      Column(
        "imported", .truth(rows.map(\.isImported)), label: "imported",
        definition: "answered elsewhere and brought in by import-answers; windows do not apply"),
      Column(
        "instruments", .text(rows.map { $0.occasion.instruments.joined(separator: " ") }),
        label: "instruments", definition: "ids in the order asked"),
      Column(
        "zone", .text(rows.map(\.occasion.zone)), label: "time zone", definition: "IANA name"),
      Column(
        "zone_data", .text(rows.map(\.occasion.zoneDataVersion)), label: "zone data",
        definition: "version of the time zone database that placed the occasion"),
    ]
    columns += moment("scheduled", "planned opening", "planned opening", absent: noSession) {
      $0.occasion.opens
    }
    columns += moment(
      "opened", "opening", "opening of the window, once it has opened", absent: noSession
    ) { row in
      switch row.occasion.state {
      case .planned, .cancelled, .skipped: nil
      case .open, .submitted, .partial, .missed: row.occasion.opens
      }
    }
    columns += moment("started", "start", "first answer page shown", absent: noSession) {
      $0.begun
    }
    columns += moment("submitted", "submission", "submission", absent: noSession) { $0.submitted }
    columns += moment("closed", "closing", "planned closing of the window", absent: noSession) {
      $0.occasion.closes
    }
    return try Table(
      name: "occasions", title: "One row per planned occasion, missed ones included",
      columns: columns)
  }

  /// Why an occasion has no value of its own.
  static func absence(of row: OccasionRow) -> Tables.MissingReason {
    switch row.occasion.state {
    case .planned, .open: .notYet
    case .missed: .expired
    case .partial: .partialSession
    case .cancelled, .skipped: .cancelled
    case .submitted: .notApplicable
    }
  }
}

/// Wall clocks of time zones, looked up once each.
private final class LocalClocks {
  private var zones: [String: TimeZone?] = [:]

  /// The wall clock of an occasion's zone at a moment; with the offset of its planned opening if this
  /// machine does not know the zone.
  func read(_ moment: Date, in occasion: OccasionRecord) -> (text: String, offsetSeconds: Int) {
    let zone: TimeZone?
    if let known = zones[occasion.zone] {
      zone = known
    } else {
      zone = try? timeZone(named: occasion.zone)
      zones[occasion.zone] = .some(zone)
    }
    let offset =
      moment == occasion.opens
      ? occasion.offsetSeconds : zone?.secondsFromGMT(for: moment) ?? occasion.offsetSeconds
    return (CalendarText.local(moment.utcMilliseconds, offsetSeconds: offset), offset)
  }
}
