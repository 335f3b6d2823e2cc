import Foundation
import Messages
import Testing

@Suite("Messages as files")
struct FileCarrierTests {
  @Test("one for each message, the owner's only, the same when it comes again")
  func files() async throws {
    let base = try Peer.scratch()
    defer { try? FileManager.default.removeItem(at: base) }
    let folder = base.appending(path: "out", directoryHint: .isDirectory)
    let carrier = FileCarrier(folder: folder)
    let message = OutgoingMessage.sample()
    try await carrier.send(message)
    try await carrier.send(message)
    try await carrier.send(.sample())
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 2)
    let path = folder.appending(path: "\(message.id.uuidString.lowercased()).eml").path
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let mail = try String(contentsOfFile: path, encoding: .utf8)
    #expect(mail.contains("Date: Wed, 10 Mar 2027 10:00:00 +0000\r\n"))
  }

  @Test("a folder that cannot be written is a failure that may pass")
  func noFolder() async throws {
    let base = try Peer.scratch()
    defer { try? FileManager.default.removeItem(at: base) }
    let blocked = base.appending(path: "file")
    try Data().write(to: blocked)
    let failure = await #expect(throws: CarrierFailure.self) {
      try await FileCarrier(folder: blocked.appending(path: "out")).send(.sample())
    }
    #expect(failure?.outcome == .temporary)
  }
}
