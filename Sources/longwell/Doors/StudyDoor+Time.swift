import Collection
import Definitions
import Foundation
import Storage
import Studies

extension StudyDoor {
  /// Refuses a chosen moment where it would put false times into real people's data.
  ///
  /// - Parameter pseudonym: whose data are written; test participants may be anywhere in time.
  /// - Throws: ``CommandFailure``.
  func allow(_ clock: ClockOption, for pseudonym: String) async throws {
    guard clock.now != nil, !isRehearsal else { return }
    let participant = try await desk.database.read { try $0.participant(pseudonym) }
    guard participant?.isTest == true else {
      throw CommandFailure(
        .refused,
        """
        \(pseudonym) is a real participant: --now is for rehearsal, with test participants \
        (enrol --test) or in a folder that was started with enrol --now
        """)
    }
  }

  /// The moment at which something is done with the data: the clock's, or the one that was given.
  func moment(_ clock: ClockOption) async throws -> Date {
    clock.now == nil ? try await moment(Date()) : try clock.moment()
  }

  /// The same by the clock on the wall. A rehearsal may have come further; in its time nothing goes back.
  func moment(_ now: Date) async throws -> Date {
    guard isRehearsal else { return now }
    return max(now, try await desk.database.read { try $0.lastEventMoment() } ?? now)
  }

  /// Closes occasions whose window has passed, so that tables call them missed.
  ///
  /// In a real study the clock on the wall decides. A rehearsal lives in the time it is given; without
  /// one, in the simulated time in which everything is closed already.
  ///
  /// - Throws: ``CommandFailure`` for a chosen moment in a real study.
  func closeWhatExpired(_ clock: ClockOption) async throws {
    guard isRehearsal else {
      guard clock.now == nil else {
        throw CommandFailure(
          .refused, "this study has real people: its tables are made at the clock's time, not --now"
        )
      }
      _ = try await desk.closeExpired(now: Date())
      return
    }
    if clock.now != nil { _ = try await desk.closeExpired(now: try clock.moment()) }
    if SimulationRecord.read(places)?.isUnfinished == true {
      Console.raw("Note: the simulation was interrupted; simulate again for a whole study.")
    }
  }

  /// Says where others can read the data.
  func warnOfExposure() {
    guard let exposed = desk.exposedFiles().first else { return }
    Console.raw("Note: others than you can read \(exposed): run chmod -R go= on it.")
  }

  /// Says where the folder's files are no longer what participants meet.
  func warnOfChanges() {
    var problems = Problems()
    guard places.hasStudyFile else { return }
    guard let folder = StudyFolder.load(directory: places.folder, problems: &problems) else {
      Console.raw(
        "Note: the study's files have mistakes now (longwell check); the published version holds.")
      return
    }
    if !desk.isUpToDate(with: folder) {
      Console.raw(
        "Note: the study's files were changed after it began; participants go on with version "
          + "\(desk.current.study.version) until longwell study publish.")
    }
  }
}
