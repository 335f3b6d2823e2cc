package import Storage
import Studies

/// Where a study stands, in numbers: who was asked to join and who did, what became of the occasions, of
/// the messages, and what waits for somebody. Test participants are left out.
package struct StudyOverview: Hashable, Sendable {
  /// One site.
  package struct Site: Hashable, Sendable {
    package let site: String
    /// Invitations by what became of them.
    package fileprivate(set) var invitations: [InvitationState: Int] = [:]
    /// Of those who answered the questions before joining, how many came to each outcome.
    package fileprivate(set) var screening: [ScreeningOutcome: Int] = [:]
    /// Participants by where they stand.
    package fileprivate(set) var participants: [ParticipantStatus: Int] = [:]

    /// Everybody who answered the questions before joining.
    package var screened: Int { screening.values.reduce(0, +) }
    /// Of these, who may join: those who did, and those who did not agree to what is required.
    package var eligible: Int { screened - screening[.ineligible, default: 0] }
    /// Everybody who has joined, whatever became of them.
    package var joined: Int { participants.values.reduce(0, +) }
  }

  /// What became of the occasions of one plan.
  package struct Occasions: Hashable, Sendable {
    /// The occasion's id in the study file.
    package let plan: String
    package fileprivate(set) var states: [OccasionState: Int] = [:]
  }

  /// In the order of the study file, and then those that only earlier versions had.
  package let sites: [Site]
  /// In the order of first opening.
  package let occasions: [Occasions]
  /// By what became of them.
  package let messages: [MessageState: Int]
  /// Answers of concern that stand.
  package let concerns: Int
  /// Erasures that are not complete.
  package let pendingErasures: Int
}

extension StudyDesk {
  /// Where the study stands.
  ///
  /// - Parameter wanted: the sites that count; nil for all.
  /// - Throws: `StorageError`.
  package func overview(of wanted: Set<String>? = nil) async throws -> StudyOverview {
    try await database.read { snapshot in
      func counts(_ site: String) -> Bool { wanted?.contains(site) ?? true }
      var sites = current.study.sites.filter(counts).map { StudyOverview.Site(site: $0) }
      func change(_ name: String, _ body: (inout StudyOverview.Site) -> Void) {
        let index = sites.firstIndex { $0.site == name } ?? sites.endIndex
        if index == sites.endIndex { sites.append(StudyOverview.Site(site: name)) }
        body(&sites[index])
      }
      for invitation in try snapshot.invitations() where counts(invitation.site) {
        change(invitation.site) { $0.invitations[invitation.state, default: 0] += 1 }
      }
      for count in try snapshot.screeningCounts() where counts(count.site) {
        change(count.site) { $0.screening[count.outcome, default: 0] += count.people }
      }
      let people = try snapshot.participants().filter { counts($0.site) }
      for participant in people where !participant.isTest {
        change(participant.site) { $0.participants[participant.status, default: 0] += 1 }
      }
      let pseudonyms = Set(people.map(\.pseudonym))
      var occasions: [StudyOverview.Occasions] = []
      for count in try snapshot.occasionCounts(at: wanted) {
        if occasions.last?.plan != count.plan { occasions.append(.init(plan: count.plan)) }
        occasions[occasions.count - 1].states[count.state] = count.occasions
      }
      return StudyOverview(
        sites: sites, occasions: occasions, messages: try snapshot.messageCounts(at: wanted),
        concerns: try concerns(in: snapshot).count { pseudonyms.contains($0.pseudonym) },
        pendingErasures: try snapshot.pendingErasures().count { pseudonyms.contains($0.pseudonym) })
    }
  }
}
