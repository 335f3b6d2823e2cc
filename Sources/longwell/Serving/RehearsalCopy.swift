import Collection
import Foundation
import Storage
import Studies

/// A copy of a study's definitions in a folder of its own, to be tried out with simulated people.
struct RehearsalCopy {
  let folder: URL

  /// Copies the files of a study's folder, without its data.
  ///
  /// - Throws: ``CommandFailure`` where there is no such folder, or the file system's error.
  init(of directory: String) throws {
    let source = URL(filePath: directory, directoryHint: .isDirectory)
    let manager = FileManager.default
    guard manager.fileExists(atPath: source.path) else {
      throw CommandFailure(
        .unreadable, "\(source.path): there is no such folder; longwell init makes one")
    }
    folder = manager.temporaryDirectory.appending(
      path: "longwell-rehearsal-\(UUID().uuidString.lowercased())", directoryHint: .isDirectory)
    try manager.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for name in try manager.contentsOfDirectory(atPath: source.path)
    where name != "data" && !name.hasPrefix(".") {
      try manager.copyItem(at: source.appending(path: name), to: folder.appending(path: name))
    }
  }

  /// Starts the copy.
  func start(now: Date) async throws -> StudyDoor {
    try await StudyDoor.start(folder.path, isRehearsal: true, now: now)
  }

  /// Removes the copy with all that was answered in it.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A simulated participant to try the study out as, with the token of their link. They have not
  /// agreed to anything yet.
  static func participant(of desk: StudyDesk, now: Date) async throws -> ParticipantToken {
    var generator = SystemRandomNumberGenerator()
    let participant = try await desk.enrol(
      Enrolment(
        zone: TimeZone.current.identifier, site: desk.current.study.sites.first,
        isSimulated: true),
      now: now, using: &generator)
    return try await desk.token(of: participant.pseudonym, now: now)
  }
}
