import Collection
import Definitions
import Foundation
import Identities
import Storage
import Studies

/// Where a study keeps what is not a definition: databases in its `data/`, keys outside of it.
struct StudyPlaces {
  let folder: URL

  init(_ directory: String) {
    folder = URL(filePath: directory, directoryHint: .isDirectory)
  }

  init(_ folder: URL) { self.folder = folder }

  /// The folder of the databases, which git ignores and nobody else may read.
  var data: URL { folder.appending(path: "data", directoryHint: .isDirectory) }
  /// The research database.
  var research: URL { data.appending(path: "longwell.db") }
  /// The contacts.
  var identities: URL { data.appending(path: "identities.db") }
  /// One line: the folder of the key files.
  var keyPointer: URL { data.appending(path: "keys.path") }

  /// One line: the address that participants reach the study at.
  var addressFile: URL { data.appending(path: "address.url") }

  /// Whether a study was begun here. A file that its maker was interrupted over, before the first
  /// commit, is none.
  var hasResearch: Bool {
    FileManager.default.fileExists(atPath: research.path) && !isUnfinished
  }

  /// Whether a database was made here and no study published into it: its maker was interrupted.
  var isUnfinished: Bool {
    guard FileManager.default.fileExists(atPath: research.path) else { return false }
    do {
      let database = try begunResearch()
      try database?.close()
      return database == nil
    } catch { return false }
  }

  /// The research database that is there, or nil where no study was published into it.
  private func begunResearch() throws(StorageError) -> ResearchDatabase? {
    do throws(StorageError) {
      let database = try ResearchDatabase.open(at: research, mode: .existing, secrets: .system)
      guard try !database.holdsStudy() else { return database }
      try database.close()
      return nil
    } catch {
      if error.code == .unfinished { return nil }
      throw error
    }
  }

  /// Whether the folder holds a study's definition.
  var hasStudyFile: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "study.yaml").path)
  }

  /// Makes `data/`, readable by its owner only.
  func makeDataFolder() throws {
    try FileManager.default.createDirectory(
      at: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The study's definitions from its files.
  ///
  /// - Throws: ``CommandFailure`` with every problem found.
  func loadFolder() throws -> StudyFolder {
    var problems = Problems()
    guard let loaded = StudyFolder.load(directory: folder, problems: &problems) else {
      let lines = problems.sorted.filter { $0.severity == .error }.map {
        TerminalText.safe($0.description)
      }
      throw CommandFailure(
        .problems, "the study cannot run as it stands:\n" + lines.joined(separator: "\n"))
    }
    return loaded
  }

  /// Opens the research database that is there.
  ///
  /// - Throws: ``CommandFailure`` that says how to make one, or `StorageError`.
  func openResearch() throws -> ResearchDatabase {
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw CommandFailure(
        .unreadable, "\(folder.path): there is no such folder; longwell init makes one")
    }
    let notBegun = CommandFailure(
      .refused,
      "\(folder.path): nobody has been enrolled yet; longwell enrol or longwell simulate first")
    guard FileManager.default.fileExists(atPath: research.path),
      let database = try begunResearch()
    else { throw notBegun }
    return database
  }
}
