import Foundation
import Glibc
import Hummingbird
import InteractionLogs
import NIOCore

/// A form with a file, as browsers upload it (`multipart/form-data`, RFC 7578), read piece by piece as it
/// arrives: nothing of it is ever on disk, and never more than the limit in memory. What it frees meanwhile is
/// overwritten, as long as the export is there.
struct UploadForm {
  /// How much more than its file a form may be: the fields, and what stands between the parts.
  static let frame = 64 * 1024
  /// How long the head of a part may be, and how long a field.
  private static let longestText = 4096
  private static let mostFields = 16
  private static let lineEnd: [UInt8] = [13, 10]
  private static let end: [UInt8] = [45, 45]

  /// The fields but the file, by name.
  private(set) var fields: [String: String] = [:]
  /// Whether all of it has come, with a file.
  var isWhole: Bool { if case .end = state { hasFile } else { false } }
  private var hasFile = false

  /// What is being read.
  private enum State {
    /// What stands before the first part, which means nothing.
    case preamble
    /// What follows a delimiter: two hyphens, or a line's end.
    case delimiter
    case head
    case file
    case field(name: String)
    case end
  }

  private let delimiter: [UInt8]
  private let export: ArrivingExport
  private let limit: Int
  private var state = State.preamble
  /// What has come and was not understood yet. The delimiter of the first part needs no line's end.
  private var pending = lineEnd
  private var field: [UInt8] = []

  /// - Parameters:
  ///   - contentType: the request's, which names the delimiter.
  ///   - export: takes the part named `file`.
  ///   - limit: how many bytes of a file are taken.
  /// - Throws: ``WebProblem`` `unreadable` for what is no such form.
  init(contentType: String?, into export: ArrivingExport, limit: Int) throws(WebProblem) {
    guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data"),
      let match = contentType.firstMatch(
        of: #/(?i);\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/#)
    else { throw .unreadable }
    delimiter = Self.lineEnd + Self.end + Array((match.1 ?? match.2 ?? "").utf8)
    self.export = export
    self.limit = limit
  }

  /// Reads the body of a request to its end.
  ///
  /// - Throws: ``WebProblem`` `unreadable` or `tooLong`.
  mutating func read(_ body: RequestBody) async throws {
    var pieces = body.makeAsyncIterator()
    while true {
      let piece: ByteBuffer?
      // A connection that breaks off in the middle is nobody's mistake here.
      do { piece = try await pieces.next() } catch { throw WebProblem.unreadable }
      guard let piece else { break }
      try piece.withUnsafeReadableBytes { (bytes) throws(WebProblem) in try take(bytes) }
    }
    guard isWhole else { throw WebProblem.unreadable }
  }

  /// Takes the next piece.
  mutating func take(_ piece: UnsafeRawBufferPointer) throws(WebProblem) {
    pending.append(contentsOf: piece)
    while try step() {}
  }

  /// - Returns: whether there may be more to do without another piece.
  private mutating func step() throws(WebProblem) -> Bool {
    switch state {
    case .end:
      drop(pending.count)
      return false
    case .delimiter:
      guard pending.count >= 2 else { return false }
      if pending.starts(with: Self.end) {
        state = .end
      } else if pending.starts(with: Self.lineEnd) {
        state = .head
      } else {
        throw .unreadable
      }
      drop(2)
      return true
    case .head:
      guard let end = place(of: Self.lineEnd + Self.lineEnd) else {
        guard pending.count <= Self.longestText else { throw .unreadable }
        return false
      }
      try begin(String(decoding: pending[..<end], as: UTF8.self))
      drop(end + 4)
      return true
    case .preamble, .file, .field:
      guard let end = place(of: delimiter) else {
        // The delimiter may have begun.
        try keep(max(0, pending.count - delimiter.count + 1))
        return false
      }
      try keep(end)
      drop(delimiter.count)
      if case .field(let name) = state {
        fields[name] = String(decoding: field, as: UTF8.self)
      }
      state = .delimiter
      return true
    }
  }

  private mutating func begin(_ head: String) throws(WebProblem) {
    guard head.utf8.count <= Self.longestText,
      let name = head.firstMatch(of: #/(?i)[;\s]name="([^"]*)"/#)?.1
    else { throw .unreadable }
    guard name != "file" else {
      guard !hasFile else { throw .unreadable }
      hasFile = true
      state = .file
      return
    }
    guard fields.count < Self.mostFields else { throw .unreadable }
    field = []
    state = .field(name: String(name))
  }

  /// Puts the first pending bytes where they belong.
  private mutating func keep(_ count: Int) throws(WebProblem) {
    switch state {
    case .file:
      guard export.count + count <= limit else { throw .tooLong }
      export.append(pending[..<count])
    case .field:
      guard field.count + count <= Self.longestText else { throw .tooLong }
      field += pending[..<count]
    case .preamble, .delimiter, .head, .end: break
    }
    drop(count)
  }

  private mutating func drop(_ count: Int) { pending.removeFirst(count) }

  /// Where a needle begins that itself begins with a line's end.
  private func place(of needle: [UInt8]) -> Int? {
    pending.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var start = 0
      while bytes.count - start >= needle.count,
        let hit = memchr(base + start, 13, bytes.count - start - needle.count + 1)
      {
        let place = UnsafeRawPointer(hit) - base
        if memcmp(base + place, needle, needle.count) == 0 { return place }
        start = place + 1
      }
      return nil
    }
  }
}
