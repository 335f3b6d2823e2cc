import Collection
import LocalTime

/// A month of a log.
struct LogMonth: Hashable, Comparable, Sendable {
  /// Its first day.
  let first: LocalDate

  init(of day: LocalDate) { first = day.adding(days: 1 - day.day) }

  /// As addresses name it: `2026-01`.
  var path: String { String(first.description.dropLast(3)) }

  static func < (one: LogMonth, other: LogMonth) -> Bool { one.first < other.first }
}

/// A part of a preview that has a page of its own.
enum LogPart: Hashable, Sendable {
  case month(LogMonth)
  /// The conversations that began on a day.
  case day(LocalDate)
  /// The conversations whose beginning is not known.
  case undated

  private static let undatedPath = "undated"

  /// Reads `2026-01`, `2026-01-05` or `undated`.
  init?(_ path: String) {
    if path == Self.undatedPath {
      self = .undated
    } else if let day = LocalDate(path) {
      self = .day(day)
    } else if let first = LocalDate(path + "-01") {
      self = .month(LogMonth(of: first))
    } else {
      return nil
    }
  }

  var path: String {
    switch self {
    case .month(let month): month.path
    case .day(let day): day.description
    case .undated: Self.undatedPath
    }
  }

  var isMonth: Bool { if case .month = self { true } else { false } }

  /// The month that a day is looked at from.
  var monthOfDay: LogMonth? { if case .day(let day) = self { LogMonth(of: day) } else { nil } }

  /// What a form keeps back: what it marks of this part, and of all others what was marked before. What the
  /// log does not have is passed over.
  func choice(of form: FormFields, in calendar: LogCalendar, before: KeptBack) -> KeptBack {
    var keptBack = before
    switch self {
    case .month(let month):
      let days = Set(calendar.days(in: month).map(\.date))
      keptBack.days.subtract(days)
      keptBack.days.formUnion(days.intersection(form.values("day").compactMap { LocalDate($0) }))
    case .day(let day):
      keptBack.mark(form.values("conversation"), among: calendar.conversations(on: day))
    case .undated:
      keptBack.mark(form.values("conversation"), among: calendar.conversations(on: nil))
    }
    return keptBack
  }
}

extension KeptBack {
  fileprivate mutating func mark(
    _ tokens: [String], among conversations: [LogPreview.Conversation]
  ) {
    let all = Set(conversations.map(\.token))
    self.conversations.subtract(all)
    self.conversations.formUnion(all.intersection(tokens))
  }
}

/// The rows of a preview by the days that they are looked at on.
struct LogCalendar: Sendable {
  private let byMonth: [LogMonth: [LogPreview.Day]]
  private let begun: [LocalDate?: [LogPreview.Conversation]]
  /// In order.
  let months: [LogMonth]

  init(_ entry: DonationShelf.Entry) {
    let zone = entry.upload.zone
    byMonth = Dictionary(grouping: entry.preview.days) { LogMonth(of: $0.date) }
    begun = Dictionary(grouping: entry.preview.conversationList) { conversation in
      conversation.started.map { StudyDay(containing: LocalMoment($0, in: zone)).date }
    }
    months = byMonth.keys.sorted()
  }

  /// Whether there are conversations whose beginning is not known.
  var hasUndated: Bool { begun[nil] != nil }

  func days(in month: LogMonth) -> [LogPreview.Day] { byMonth[month] ?? [] }

  /// Messages that would be kept of a month; nil where the source does not tell them.
  func messages(in month: LogMonth) -> Int? {
    let known = days(in: month).compactMap { $0.isWithheld ? nil : $0.messages }
    let all = days(in: month).compactMap(\.messages)
    return all.isEmpty ? nil : known.reduce(0, +)
  }

  /// The conversations that began on a study day, or at no known time.
  func conversations(on day: LocalDate?) -> [LogPreview.Conversation] { begun[day] ?? [] }
}
