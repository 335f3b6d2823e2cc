import Foundation
import LocalTime
import Messages
import Storage
import Studies

extension StudyDesk {
  /// People and days on which occasions opened and nobody was told, whether or not their windows have
  /// closed since.
  ///
  /// Left out is who had begun before the message was late, whom nothing was to be sent then (a
  /// pause, missing consent, stopped messages), and what the version of that time does not announce.
  /// As with a moved clock, nothing can undo it: it is told for a week.
  ///
  /// - Parameter reported: occasions with a message that is found to be late anyhow.
  func silenceFindings(
    now: Date, except reported: Set<UUID>, in snapshot: ResearchSnapshot
  ) throws -> [Finding] {
    let late = now.addingTimeInterval(-Self.messageDelay)
    var days: [String: Int] = [:]
    let candidates = try snapshot.occasionsUnannounced(
      openedFrom: now.addingTimeInterval(-Self.clockMemory), through: late)
    for (person, occasions) in Dictionary(grouping: candidates, by: \.pseudonym) {
      guard let participant = try snapshot.participant(person),
        let agreed = try firstAgreement(of: participant, in: snapshot),
        try !hasStoppedMessages(participant, in: snapshot)
      else { continue }
      let followed = try snapshot.followedVersions(of: participant)
      for var occasion in occasions where !reported.contains(occasion.occasion) {
        let version = followed.last { $0.since <= occasion.opens } ?? followed.first
        occasion.following = version?.publication ?? occasion.following
        guard versions[occasion.following] != nil, versions[occasion.publication] != nil,
          let first = try moments(of: occasion).first
        else { continue }
        let since = max(first.at, agreed)
        guard since <= late, since < occasion.closes,
          try shouldHaveBeenTold(occasion, at: since, in: snapshot)
        else { continue }
        let zone = TimeZone(identifier: occasion.zone) ?? .gmt
        days["\(person) on \(LocalMoment(occasion.opens, in: zone).date)", default: 0] += 1
      }
    }
    return days.sorted { $0.key < $1.key }.map { day, count in
      Finding(
        .unsent, day, "\(count) occasion\(count == 1 ? "" : "s") opened without a message")
    }
  }

  private func shouldHaveBeenTold(
    _ occasion: OccasionToAnnounce, at moment: Date, in snapshot: ResearchSnapshot
  ) throws -> Bool {
    guard try mayBeWritten(about: occasion, at: moment, in: snapshot) else { return false }
    guard let session = try snapshot.session(ofOccasion: occasion.occasion) else { return true }
    return session.begun > moment.addingTimeInterval(Self.messageDelay)
  }

  /// Whether somebody who wants messages now has not always done so.
  private func hasStoppedMessages(
    _ participant: ParticipantRecord, in snapshot: ResearchSnapshot
  ) throws -> Bool {
    try snapshot.events(of: .participant(participant.uuid)).contains {
      $0.kind == .remindersStopped
    }
  }
}
