internal import CEmbedded
internal import Crypto

/// Which list of words a value rests on; stored with it.
package struct ListVersion: Hashable, Sendable, Codable {
  /// What it is called: `vader`, `rules.en`.
  package let name: String
  package let version: String
  /// SHA-256 of the file, as lower-case text.
  package let hash: String
}

/// A file of words that travels inside the binary: a preface up to `---`, its version, then sections, with
/// an entry a line and, after a tab, its value.
struct ListFile {
  struct Entry {
    var section: Substring
    var name: Substring
    var value: Substring?
  }

  private(set) var version = ""
  private(set) var entries: [Entry] = []
  let hash: String

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    hash = SHA256.hash(data: bytes).hexadecimal
    let text = String(decoding: bytes, as: UTF8.self)
    var section: Substring?
    var isPreface = true
    for line in text.split(separator: "\n") {
      if isPreface {
        isPreface = line != "---"
      } else if line.hasPrefix("version ") && section == nil {
        version = String(line.dropFirst("version ".count))
      } else if line.first == "[", line.last == "]" {
        section = line.dropFirst().dropLast()
      } else if let section {
        let parts = line.split(separator: "\t", maxSplits: 1)
        guard let name = parts.first else { continue }
        entries.append(Entry(section: section, name: name, value: parts.dropFirst().first))
      }
    }
  }

  /// The bytes of an embedded list; none if there is no such file, which a test rules out. They live as
  /// long as the process.
  static func bytes(of name: String) -> UnsafeBufferPointer<UInt8> {
    let path = "Sources/CEmbedded/Words/\(name)"
    for index in 0..<longwell_embedded_count() {
      let file = longwell_embedded_file(index)
      if String(cString: file.path) == path {
        return UnsafeBufferPointer(start: file.bytes, count: file.count)
      }
    }
    return UnsafeBufferPointer(start: nil, count: 0)
  }
}

extension Sequence<UInt8> {
  /// Two digits a byte, in small letters.
  var hexadecimal: String {
    map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
