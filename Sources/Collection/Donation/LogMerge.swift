import Foundation
import LocalTime
import Storage

/// Puts a donation together with what is kept of earlier ones, so that nothing counts twice.
///
/// Of one account the newer export replaces what it covers: conversations by their tokens, sessions and days
/// by time. What an export no longer has, because the person or the service deleted it, stays. At either edge
/// of an export a day is only partly in it: there, what is known already stays too. What was kept back stays so.
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
    let told = Set(rows.days.map(\.day))
    let replaced = replacedDays(by: rows).union(
      cleared.keys.filter { isSameAccount($0.donation) && told.contains($0.day) }.map(\.day))
    func isReplaced(_ day: String, _ owner: UUID) -> Bool {
      isSameAccount(owner) && replaced.contains(day)
    }
    func isCleared(_ day: String, _ owner: UUID) -> Bool {
      cleared[AccountDay(day: day, donation: owner)] != nil
    }
    let sessions =
      standing.sessions.filter {
        let day = day($0.started)
        return !isReplaced(day, $0.donation) && !isCleared(day, $0.donation)
      } + rows.sessions.filter { replaced.contains(day($0.started)) }
    let stay = standing.days.filter { !isReplaced($0.day, $0.donation) }.map { row in
      guard !row.isWithheld, let count = cleared[AccountDay(day: row.day, donation: row.donation)]
      else { return row }
      return InteractionDayRow(
        donation: row.donation, day: row.day, numbers: [.withheldConversations: Double(count)])
    }
    let there = Set(stay.filter { isSameAccount($0.donation) }.map(\.day))
    let known = stay + rows.days.filter { !there.contains($0.day) }
    let silent = withheld.subtracting(known.map(\.day))
    return InteractionRows(
      conversations: conversations(with: rows.conversations).map { row in
        guard let started = row.started, touchesWithheld(started, row.ended ?? started) else {
          return row
        }
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

  /// The days of which the new export is believed: those that it covers whole, and those that nothing is
  /// known about.
  private func replacedDays(by rows: InteractionRows) -> Set<String> {
    let first = donation.coveredFrom.map(day) ?? rows.days.map(\.day).min()
    let last = day(donation.coveredUntil)
    let known = Set(
      standing.days.filter { isSameAccount($0.donation) }.map(\.day)
        + standing.sessions.filter { isSameAccount($0.donation) }.map { day($0.started) })
    // The last day of an export is not over; an export that was made after it knows more.
    let isSurpassed = earlier.contains {
      isSameAccount($0.uuid) && $0.coveredUntil > donation.coveredUntil
    }
    let edges = Set([first, isSurpassed ? last : nil].compactMap(\.self))
    let candidates = known.union(rows.days.map(\.day)).union(rows.sessions.map { day($0.started) })
    return candidates.filter { day in
      guard let first, first <= day, day <= last else { return !known.contains(day) }
      return !(edges.contains(day) && known.contains(day))
    }
  }

  private func day(_ moment: Date) -> String {
    let zone = TimeZone(identifier: donation.zone) ?? .gmt
    return StudyDay(containing: LocalMoment(moment, in: zone)).date.description
  }
}
