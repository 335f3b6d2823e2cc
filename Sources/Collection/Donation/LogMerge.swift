import Foundation
import LocalTime
import Storage

/// Puts a donation together with what is kept of earlier ones, so that nothing counts twice and nothing is lost.
///
/// Of one account, a day is as the newer export tells it where that has every conversation that is known of the day.
/// Where it has none of them, the two are added up: exports that follow on each other meet within a day. Where it has
/// some, because the person or the service deleted others, the day stays as it was told with more messages. Days that
/// it does not tell stay. What was kept back stays so.
struct LogMerge {
  let donation: DonationRecord
  /// The donations before, and what is kept of them.
  let earlier: [DonationRecord]
  let standing: InteractionRows

  /// All that is kept once `rows` are added; their conversations that are kept back are so from now on.
  ///
  /// - Parameter days: days to be kept back from now on, in every account, with the conversations and sessions
  ///   that touch them.
  func adding(_ rows: InteractionRows, withholding days: Set<String>) -> InteractionRows {
    let withheld = days.union((standing.days + rows.days).filter(\.isWithheld).map(\.day))
    func touchesWithheld(_ start: Date, _ end: Date) -> Bool {
      let (first, last) = (day(start), day(end))
      return withheld.contains { first <= $0 && $0 <= last }
    }
    let keptBack = Set(rows.conversations.filter(\.isWithheld).map(\.token))
    // What is known of these days counts conversations that are taken back now.
    let cleared = clearedDays(
      by: standing.conversations.filter { row in
        guard !row.isWithheld, let start = row.started else { return false }
        return keptBack.contains(row.token) || touchesWithheld(start, row.ended ?? start)
      })
    let tellings = tellings(of: rows, cleared: cleared)
    func isCleared(_ day: String, _ owner: UUID) -> Bool {
      cleared[AccountDay(day: day, donation: owner)] != nil
    }
    func stays(_ day: String, _ owner: UUID) -> Bool {
      !isSameAccount(owner) || tellings[day] != .newer
    }
    let sessions =
      standing.sessions.filter {
        let day = day($0.started)
        return stays(day, $0.donation) && !isCleared(day, $0.donation)
      } + rows.sessions.filter { tellings[day($0.started), default: .newer] != .older }
    var newer = Dictionary(rows.days.map { ($0.day, $0) }, uniquingKeysWith: { $1 })
    let stay = standing.days.compactMap { row -> InteractionDayRow? in
      guard stays(row.day, row.donation) else { return nil }
      if !row.isWithheld, let count = cleared[AccountDay(day: row.day, donation: row.donation)] {
        return InteractionDayRow(
          donation: row.donation, day: row.day, numbers: [.withheldConversations: Double(count)])
      }
      guard isSameAccount(row.donation), let other = newer[row.day] else { return row }
      guard !row.isWithheld, tellings[row.day] == .both else {
        newer[row.day] = nil
        return row
      }
      newer[row.day] = other.added(to: row)
      return nil
    }
    let known = stay + newer.values
    let silent = withheld.subtracting(known.map(\.day))
    return InteractionRows(
      conversations: conversations(with: rows.conversations).map { row in
        // Of the new ones it is known on which days they have messages.
        guard row.donation != donation.uuid, let started = row.started,
          touchesWithheld(started, row.ended ?? started)
        else { return row }
        return ConversationRow(withheld: row.token, donation: row.donation)
      }.sorted(by: Self.isEarlier),
      sessions: sessions.filter { !touchesWithheld($0.started, $0.ended) }.sorted {
        ($0.started, $0.donation.uuidString) < ($1.started, $1.donation.uuidString)
      },
      days: (known.map { row in
        withheld.contains(row.day)
          ? InteractionDayRow(withheld: row.day, donation: row.donation) : row
      } + silent.map { InteractionDayRow(withheld: $0, donation: donation.uuid) }).sorted {
        ($0.day, $0.donation.uuidString) < ($1.day, $1.donation.uuidString)
      })
  }

  /// A day of the account that a donation is of.
  private struct AccountDay: Hashable {
    let day: String
    /// The account's donation that the row is kept under.
    let donation: UUID
  }

  /// The days that conversations of their accounts touch, each with how many.
  private func clearedDays(by conversations: [ConversationRow]) -> [AccountDay: Int] {
    var counts: [AccountDay: Int] = [:]
    for row in conversations {
      guard let started = row.started else { continue }
      let (first, last) = (day(started), day(row.ended ?? started))
      for owner in owners(with: row.donation) {
        let days = Set(
          standing.days.filter { $0.donation == owner }.map(\.day)
            + standing.sessions.filter { $0.donation == owner }.map { day($0.started) })
        for day in days where first <= day && day <= last {
          counts[AccountDay(day: day, donation: owner), default: 0] += 1
        }
      }
    }
    return counts
  }

  /// Each conversation once. Of two exports the one given later may be the older: who knows more of a
  /// conversation is right.
  private func conversations(with rows: [ConversationRow]) -> [ConversationRow] {
    var kept = Dictionary(
      standing.conversations.map { ($0.token, $0) }, uniquingKeysWith: { $1 })
    for row in rows {
      if let known = kept[row.token], !row.isWithheld,
        known.isWithheld || (row.ended ?? .distantPast) < (known.ended ?? .distantPast)
      {
        continue
      }
      kept[row.token] = row
    }
    return Array(kept.values)
  }

  private static func isEarlier(_ one: ConversationRow, _ other: ConversationRow) -> Bool {
    (one.started ?? .distantFuture, one.token) < (other.started ?? .distantFuture, other.token)
  }

  // MARK: - Days of one account

  /// All donations of the account that one is of.
  private func owners(with donation: UUID) -> [UUID] {
    let all = earlier + [self.donation]
    guard let record = all.first(where: { $0.uuid == donation }) else { return [] }
    return all.filter { $0.source == record.source && $0.account == record.account }.map(\.uuid)
  }

  private func isSameAccount(_ owner: UUID) -> Bool {
    owner == donation.uuid
      || earlier.contains {
        $0.uuid == owner && $0.source == donation.source && $0.account == donation.account
      }
  }

  /// Whose word on a day holds.
  private enum Telling {
    case newer, older, both
  }

  /// Whose word holds on each day that the new export tells and something is known of.
  private func tellings(
    of rows: InteractionRows, cleared: [AccountDay: Int]
  ) -> [String: Telling] {
    let last = day(donation.coveredUntil)
    // The last day of an export is not over; an export that was made after it knows more.
    let isSurpassed = earlier.contains {
      isSameAccount($0.uuid) && $0.coveredUntil > donation.coveredUntil
    }
    let tokens = Set(rows.conversations.map(\.token))
    let hasTokens = !tokens.isEmpty
    var known: [String: Set<String>] = [:]
    for row in standing.conversations where !row.isWithheld && isSameAccount(row.donation) {
      guard let started = row.started else { continue }
      for day in days(from: started, to: row.ended ?? started) {
        known[day, default: []].insert(row.token)
      }
    }
    var messages: [String: Double] = [:]
    var hasSessions: Set<String> = []
    for row in standing.days where isSameAccount(row.donation) {
      messages[row.day, default: 0] += row.messages
    }
    for row in standing.sessions where isSameAccount(row.donation) {
      hasSessions.insert(day(row.started))
    }
    return Dictionary(
      rows.days.compactMap { row -> (String, Telling)? in
        guard messages[row.day] != nil || hasSessions.contains(row.day) else { return nil }
        if cleared.keys.contains(where: { $0.day == row.day && isSameAccount($0.donation) }) {
          return (row.day, .newer)
        }
        if isSurpassed, row.day == last { return (row.day, .older) }
        let before = known[row.day] ?? []
        if before.isSubset(of: tokens), !before.isEmpty || !hasTokens {
          return (row.day, !hasTokens && row.messages < messages[row.day] ?? 0 ? .older : .newer)
        }
        if before.isDisjoint(with: tokens), !before.isEmpty { return (row.day, .both) }
        return (row.day, row.messages < messages[row.day] ?? 0 ? .older : .newer)
      }, uniquingKeysWith: { $1 })
  }

  private func day(_ moment: Date) -> String {
    let zone = TimeZone(identifier: donation.zone) ?? .gmt
    return StudyDay(containing: LocalMoment(moment, in: zone)).date.description
  }

  private func days(from start: Date, to end: Date) -> [String] {
    let zone = TimeZone(identifier: donation.zone) ?? .gmt
    let last = StudyDay(containing: LocalMoment(end, in: zone)).date
    var date = StudyDay(containing: LocalMoment(start, in: zone)).date
    var days: [String] = []
    while date <= last {
      days.append(date.description)
      date = date.adding(days: 1)
    }
    return days
  }
}

extension InteractionDayRow {
  /// Of both; 0 where there are none.
  fileprivate var messages: Double {
    numbers[.userMessages, default: 0] + numbers[.assistantMessages, default: 0]
  }

  /// The day as two exports tell it that have nothing in common.
  fileprivate func added(to other: InteractionDayRow) -> InteractionDayRow {
    var row = self
    for (number, value) in other.numbers {
      guard let own = numbers[number] else {
        row.numbers[number] = value
        continue
      }
      row.numbers[number] =
        switch number {
        case .firstUseAt: min(own, value)
        case .lastUseAt, .modelFamilies: max(own, value)
        default: own + value
        }
    }
    return row
  }
}
