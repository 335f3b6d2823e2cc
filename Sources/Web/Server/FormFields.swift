import Hummingbird

/// The fields of a form, in order, as browsers send them (`application/x-www-form-urlencoded`, WHATWG
/// URL standard, 5.1). A field may come several times.
struct FormFields: Sendable {
  /// The longest form that is read, in bytes: 24 texts of the longest kind, encoded.
  static let longest = 512 * 1024

  private(set) var all: [(name: String, value: String)] = []

  /// Reads the body of a request.
  ///
  /// - Throws: ``WebProblem``.
  init(_ request: Request) async throws {
    let type = request.headers[.contentType] ?? ""
    guard type.isEmpty || type.hasPrefix("application/x-www-form-urlencoded") else {
      throw WebProblem.unreadable
    }
    let body: ByteBuffer
    do { body = try await request.body.collect(upTo: Self.longest) } catch {
      throw WebProblem.tooLong
    }
    guard let fields = Self(encoded: body.readableBytesView) else { throw WebProblem.unreadable }
    self = fields
  }

  /// Reads an encoded form; nil for what is none, or is no UTF-8.
  init?(encoded: some Collection<UInt8>) {
    for part in encoded.split(separator: UInt8(ascii: "&")) {
      let pieces = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(pieces[0]),
        let value = Self.decoded(pieces.count > 1 ? pieces[1] : part.prefix(0))
      else { return nil }
      all.append((name, value))
    }
  }

  init(_ fields: [(name: String, value: String)]) { all = fields }

  /// The first value of a field.
  subscript(_ name: String) -> String? { all.first { $0.name == name }?.value }

  /// Every value of a field.
  func values(_ name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }

  private static func decoded(_ bytes: some Collection<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit)
        else { return nil }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    // Browsers send line breaks as two characters, whatever was typed.
    return String(validating: decoded, as: UTF8.self)?.replacing("\r\n", with: "\n")
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
