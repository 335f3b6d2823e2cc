internal import CSimdJSON
internal import Glibc

/// Parses documents of an export one after the other, in memory that it uses again.
///
/// It wraps simdjson, whose parser hands over a tape of words and the unescaped strings (G. Langdale
/// and D. Lemire, "Parsing Gigabytes of JSON per Second", The VLDB Journal 28, 2019). A class because
/// it owns that memory, and one caller's at a time; it is overwritten when the parser goes.
final class JSONParser {
  /// Why a document is not read.
  enum Refusal: Error, Hashable {
    /// It is no JSON, or ends too early.
    case malformed
    /// It is nested more than eight thousand deep.
    case tooDeep
    /// It is not UTF-8.
    case notUTF8
    /// There is no memory for it.
    case noMemory
  }

  /// How many bytes after a document must be readable, whatever they hold.
  static let padding = longwell_json_padding

  private let handle: OpaquePointer

  /// A parser.
  init() throws(Refusal) {
    guard let handle = longwell_json_parser_create() else { throw .noMemory }
    self.handle = handle
  }

  deinit { longwell_json_parser_destroy(handle) }

  /// The root of a document, valid until the next call.
  ///
  /// What other parsers let pass is mended and parsed again (``JSONRepair``), since a number that nobody
  /// reads or half an emoji is no reason to lose a conversation.
  ///
  /// - Parameter bytes: the document, followed by ``padding`` readable bytes.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> JSONValue {
    do throws(Refusal) { return try parseStrictly(bytes) } catch {
      guard error == .malformed else { throw error }
      // The parser's strings are its own: the mended copy is overwritten as soon as it is parsed.
      var mended = WipedBytes(capacity: bytes.count + Self.padding)
      guard JSONRepair.mend(bytes, into: &mended) else { throw error }
      let count = mended.count
      for _ in 0..<Self.padding { mended.append(0) }
      return try parseStrictly(UnsafeBufferPointer(rebasing: mended.bytes[..<count]))
    }
  }

  private func parseStrictly(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> JSONValue {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { throw .malformed }
    var tape: UnsafePointer<UInt64>?
    var strings: UnsafePointer<UInt8>?
    switch longwell_json_parse(handle, start, bytes.count, &tape, &strings) {
    case longwell_json_parsed: break
    case longwell_json_too_deep: throw .tooDeep
    case longwell_json_not_utf8: throw .notUTF8
    case longwell_json_no_memory: throw .noMemory
    default: throw .malformed
    }
    guard let tape, let strings else { throw .malformed }
    return JSONValue(tape: tape, strings: strings, index: 1)
  }
}

/// Overwrites memory that held text.
func overwrite(_ bytes: UnsafeMutableRawBufferPointer) {
  guard let start = bytes.baseAddress else { return }
  // A call that no compiler drops as useless.
  explicit_bzero(start, bytes.count)
}
