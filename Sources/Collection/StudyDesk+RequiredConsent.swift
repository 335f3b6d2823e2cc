import Storage
import Studies

/// Something that a participant is asked, as far as consent is concerned.
protocol RestsOnConsent {
  var pseudonym: String { get }
  /// The occasion's id in the study file.
  var plan: String { get }
  /// The version of the study that asks it.
  var publication: Int { get }
}

extension OccasionRecord: RestsOnConsent {}
extension OccasionToAnnounce: RestsOnConsent {}
extension SessionContext: RestsOnConsent {}

extension StudyDesk {
  /// The required parts of the consent that a participant has not agreed to, or not any more.
  func missingConsent(of pseudonym: String, in snapshot: ResearchSnapshot) throws -> [String] {
    try consentStanding(of: pseudonym, in: snapshot).missing
  }

  /// The same for one occasion, which may rest on a part that is not required.
  func missingConsent(
    for asked: some RestsOnConsent, in snapshot: ResearchSnapshot
  ) throws -> [String] {
    try missingConsent(
      for: asked, standing: try consentStanding(of: asked.pseudonym, in: snapshot))
  }

  private func missingConsent(
    for asked: some RestsOnConsent, standing: ConsentStanding
  ) throws -> [String] {
    let part = try version(asked.publication).study.occasion(asked.plan)?.consentPart
    guard let part, !standing.agreed.contains(part), !standing.missing.contains(part) else {
      return standing.missing
    }
    return standing.missing + [part]
  }

  /// Refuses what is asked of somebody who has not agreed to all that it rests on.
  func checkConsent(for asked: some RestsOnConsent, in snapshot: ResearchSnapshot) throws {
    try refuse(asked, without: try missingConsent(for: asked, in: snapshot))
  }

  /// The same of a participant who is at hand.
  func checkConsent(
    of participant: ParticipantRecord, for asked: some RestsOnConsent,
    in snapshot: ResearchSnapshot
  ) throws {
    let standing = try consentStanding(of: participant, in: snapshot)
    try refuse(asked, without: try missingConsent(for: asked, standing: standing))
  }

  private func refuse(_ asked: some RestsOnConsent, without missing: [String]) throws {
    guard missing.isEmpty else {
      throw CollectionError(
        .consentMissing, asked.pseudonym, detail: "ask for \(missing.joined(separator: ", "))")
    }
  }

  /// The occasions of a participant that rest on a part of the consent, by the version that asks them.
  func occasions(
    restingOn part: String, of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> [OccasionRecord] {
    try snapshot.occasions(of: pseudonym).filter {
      try version($0.publication).study.occasion($0.plan)?.consentPart == part
    }
  }

  /// Those of them with answers: what taking the part back with erasure erases.
  func answered(
    under part: String, of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> [OccasionRecord] {
    try occasions(restingOn: part, of: pseudonym, in: snapshot).filter { occasion in
      guard let session = try snapshot.session(ofOccasion: occasion.uuid) else { return false }
      return try snapshot.responses(ofSession: session.uuid).contains { $0.answer != .none }
    }
  }
}
