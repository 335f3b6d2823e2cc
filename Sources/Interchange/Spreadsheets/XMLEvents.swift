internal import Foundation
internal import FoundationXML

/// An XML part of a workbook as events; what an office program never writes is refused.
///
/// A document type is where entities are declared, ones that name files and ones that multiply, so a text
/// with one is not parsed at all. External entities are off besides.
enum XMLEvents {
  enum Event {
    case start(String, [String: String])
    case end(String)
    case text(String)
  }

  /// Elements inside each other that are followed; a worksheet has six.
  private static let deepest = 64

  /// Hands over the events of a part, names without prefixes.
  static func read(
    _ bytes: [UInt8], name: String, _ handle: @escaping (Event) -> Void
  ) throws(ImportProblem) {
    let text = TextEncoding.utf8(bytes)
    guard !text.contains(0), !text.contains("<!DOCTYPE"), !text.contains("<!ENTITY") else {
      throw ImportProblem(
        .unreadable, "\(name): found a document type or entities, expected a plain workbook")
    }
    let delegate = Delegate(deepest: deepest, handle)
    let parser = XMLParser(data: Data(text))
    parser.shouldResolveExternalEntities = false
    parser.delegate = delegate
    guard parser.parse(), !delegate.isTooDeep else {
      throw ImportProblem(.unreadable, "\(name): found XML that is damaged, expected a workbook")
    }
  }

  private final class Delegate: NSObject, XMLParserDelegate {
    private let handle: (Event) -> Void
    private let deepest: Int
    private var depth = 0
    private(set) var isTooDeep = false

    init(deepest: Int, _ handle: @escaping (Event) -> Void) {
      self.handle = handle
      self.deepest = deepest
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      depth += 1
      if depth > deepest {
        isTooDeep = true
        parser.abortParsing()
      }
      handle(.start(Self.local(name), attributes))
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      depth -= 1
      handle(.end(Self.local(name)))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { handle(.text(text)) }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
      handle(.text(String(decoding: block, as: UTF8.self)))
    }

    private static func local(_ name: String) -> String {
      name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }
  }
}

extension [UInt8] {
  /// Whether an ASCII text occurs, whatever its case.
  fileprivate func contains(_ word: StaticString) -> Bool {
    let pattern = Array(word.description.lowercased().utf8)
    guard pattern.count > 1, count >= pattern.count else { return false }
    // Worksheets have megabytes of empty cells: their tags begin with the first byte of what is sought,
    // and hardly any byte is the second.
    return withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      let end = bytes.count - pattern.count
      var place = 0
      while place <= end,
        let found = memchr(start + place + 1, Int32(pattern[1]), end - place + 1)
      {
        place = start.distance(to: UnsafeRawPointer(found)) - 1
        let isHere = pattern.indices.allSatisfy { offset in
          let byte = bytes[place + offset]
          return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == pattern[offset]
        }
        if isHere { return true }
        place += 1
      }
      return false
    }
  }
}
