import Foundation
import Testing

/// The arrows between rooms: a room imports rooms above it only, and closed doors stay closed.
@Suite("The import lines follow the architecture")
struct ArchitectureTests {
  /// Rooms in arrow order; a room may import those before it.
  static let order = [
    "CGSL", "CArchive", "CQREncode", "CCurl", "CReadStat", "CSimdJSON", "CLanguage", "CEmbedded",
    "CVectors", "Definitions",
    "Delimited", "Archives", "LocalTime", "Expressions", "Statistics", "Instruments",
    "Interchange", "Studies", "InteractionLogs", "Tables", "Storage", "Identities", "Messages",
    "Collection", "Figures", "Analysis", "Rehearsal", "Web", "longwell", "Benchmarks",
  ]

  /// Libraries in C, of the system or our own, each with the rooms that it belongs to.
  static let librariesInC: Set<String> = [
    "CGSL", "CArchive", "CQREncode", "CCurl", "CReadStat", "CSimdJSON", "CLanguage", "CVectors",
  ]

  /// Rooms that stand alone: no room of ours but libraries in C.
  static let standingAlone: Set<String> = [
    "Definitions", "Delimited", "Archives", "LocalTime", "Expressions", "Statistics",
  ]

  /// Doors that stay closed although the order would allow them.
  static let closedDoors: [String: Set<String>] = [
    "Instruments": ["Storage"], "Studies": ["Storage"],
    "Analysis": ["Identities", "Collection"], "Tables": ["Identities"], "Figures": ["Identities"],
    "Messages": ["Identities", "Storage", "Studies"], "Web": ["Identities"],
  ]

  /// Each third party has its importing rooms.
  static let thirdParties: [String: Set<String>] = [
    "Yams": ["Definitions"], "GRDB": ["Storage", "Identities"], "GRDBSQLite": ["Storage"],
    "CGSL": ["Statistics"], "CVectors": ["Statistics"],
    "CArchive": ["Archives"], "FoundationXML": ["Interchange"], "CQREncode": ["Figures"],
    "CCurl": ["Messages"], "CReadStat": ["Tables"],
    "CLanguage": ["InteractionLogs"], "CSimdJSON": ["InteractionLogs"],
    "RealModule": ["Statistics"], "Subprocess": ["Figures"], "SystemPackage": ["Figures"],
    "ArgumentParser": ["longwell"], "Hummingbird": ["Web"], "HummingbirdTLS": ["Web"],
    "HummingbirdCore": ["Web"], "HTTPTypes": ["Web"], "NIOCore": ["Web"], "NIOHTTPTypes": ["Web"],
    "NIOSSL": ["Web"], "Mustache": ["Web"],
  ]

  /// What any room may import.
  static let everywhere: Set<String> = [
    "Foundation", "Crypto", "CryptoExtras", "Logging", "Metrics", "Synchronization", "Dispatch",
    "Glibc", "Musl",
  ]

  static let sources = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources")

  /// The modules that the Swift files of a room import, each with a file that does so.
  static func imports(of room: String) throws -> [String: String] {
    var found: [String: String] = [:]
    let folder = sources.appending(path: room)
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    else { return [:] }
    let line =
      #/^(?:@\w+ )*(?:(?:package|public|internal|private|fileprivate) )?import (?:\w+ )?(\w+)/#
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for row in text.split(separator: "\n") {
        guard let match = row.firstMatch(of: line) else { continue }
        found[String(match.1)] = file.lastPathComponent
      }
    }
    return found
  }

  @Test("every folder of Sources is a room of the architecture")
  func foldersAreRooms() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    #expect(Set(folders).isSubset(of: Set(Self.order)))
  }

  @Test("a room imports only what it may", arguments: order)
  func importsFollowTheArrows(room: String) throws {
    let position = try #require(Self.order.firstIndex(of: room))
    for (module, file) in try Self.imports(of: room) {
      if let target = Self.order.firstIndex(of: module), !Self.librariesInC.contains(module) {
        #expect(target < position, "\(room)/\(file) imports \(module), which is not above it")
        #expect(
          !Self.standingAlone.contains(room), "\(room)/\(file) imports a room: \(module)")
        #expect(
          Self.closedDoors[room]?.contains(module) != true,
          "\(room)/\(file) opens a closed door: \(module)")
      } else if let owners = Self.thirdParties[module] {
        #expect(owners.contains(room), "\(room)/\(file) imports \(module), which is not its own")
      } else {
        #expect(Self.everywhere.contains(module), "\(room)/\(file) imports \(module), unexplained")
      }
    }
  }
}
