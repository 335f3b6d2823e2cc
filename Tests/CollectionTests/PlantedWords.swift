import Foundation

/// Words to plant in a study, and to look for in its files when they must be gone.
///
/// All begin with one mark, which is short, so that it is hardly ever split over two pages of a
/// file, and nowhere else.
struct PlantedWords {
  let mark: String
  private var count = 0

  init() {
    let letters = Array("bcdfghjkmnpqrstvwxz")
    mark = "q" + (0..<7).map { _ in String(letters.randomElement() ?? "x") }.joined()
  }

  /// A word that was not planted yet.
  mutating func next() -> String {
    count += 1
    return mark + String(count)
  }

  /// How often some word is in the files of a folder, by file, as UTF-8 or as UTF-16 of either
  /// order.
  func found(in folder: URL) throws -> [String: Int] {
    let spellings = [
      Data(mark.utf8), mark.data(using: .utf16LittleEndian) ?? Data(),
      mark.data(using: .utf16BigEndian) ?? Data(),
    ]
    var found: [String: Int] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      guard let bytes = try? Data(contentsOf: folder.appendingPathComponent(path)) else { continue }
      let count = spellings.reduce(0) { $0 + Self.count($1, in: bytes) }
      if count > 0 { found[path] = count }
    }
    return found
  }

  private static func count(_ word: Data, in bytes: Data) -> Int {
    var count = 0
    var rest = bytes.startIndex..<bytes.endIndex
    while let range = bytes.range(of: word, in: rest) {
      count += 1
      rest = range.upperBound..<bytes.endIndex
    }
    return count
  }
}
