package import Foundation
package import Storage
import Studies

/// A participant's own course of one score, for the participant.
package struct CourseOfScore: Hashable, Sendable {
  /// As files name it: `needs-6.satisfaction`.
  package let name: String
  /// One for each submission that scored it, oldest first; nil where too little was answered.
  package let points: [Point]

  package struct Point: Hashable, Sendable {
    /// The moment of submission.
    package let moment: Date
    package let value: Double?
  }
}

extension StudyDesk {
  /// What the study lets a participant see of their own course, so far; empty where it shows none,
  /// or not yet.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown.
  package func ownCourse(of pseudonym: String, now: Date) async throws -> [CourseOfScore] {
    try await database.read { try ownCourse(of: pseudonym, now: now, in: $0) }
  }

  /// The same within a snapshot; see ``ownCourse(of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func ownCourse(
    of pseudonym: String, now: Date, in snapshot: ResearchSnapshot
  ) throws -> [CourseOfScore] {
    let participant = try takingPart(pseudonym, in: snapshot)
    guard let course = try version(participant.publication).study.course else { return [] }
    let scores = try snapshot.scores(of: pseudonym, submittedBy: now)
    guard Set(scores.map(\.session)).count >= course.after else { return [] }
    return course.shown.map { shown in
      CourseOfScore(
        name: shown.name,
        points: scores.filter { $0.instrument == shown.instrument && $0.name == shown.score }
          .map { CourseOfScore.Point(moment: $0.computed, value: $0.value) })
    }.filter { !$0.points.isEmpty }
  }
}
