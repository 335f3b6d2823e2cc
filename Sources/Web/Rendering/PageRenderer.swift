import Collection
import Crypto
import Foundation
import Instruments
import Mustache

/// Makes pages: templates, scripts and style sheet of the folder `CEmbedded/Pages`, which travels in the
/// binary, with the texts of every language.
struct PageRenderer: Sendable {
  /// A file that pages name by its content's hash, so that browsers keep it for good.
  struct Asset: Sendable {
    let name: String
    let type: String
    let bytes: [UInt8]
  }

  static let folder = "Sources/CEmbedded/Pages"

  let texts = TextLibrary()
  /// What the study team reads, in the one language that its pages are in.
  let teamTexts: Texts
  let style: Asset
  /// What the team's pages have beside it.
  let teamStyle: Asset
  let script: Asset
  /// The service worker, which keeps its name.
  let worker: [UInt8]
  /// What the JSON API offers, as OpenAPI 3.1 describes it.
  let openAPI: [UInt8]
  /// Everything that browsers may keep for good.
  var assets: [Asset] { [style, teamStyle, script] }
  private let library: MustacheLibrary

  /// Reads the embedded files.
  ///
  /// - Throws: the parser's error for a template that cannot be read: a mistake in the binary, which the
  ///   tests find.
  init() throws {
    var library = MustacheLibrary()
    var files: [String: [UInt8]] = [:]
    for (path, file) in EmbeddedFile.inside(Self.folder) {
      if path.hasSuffix(".mustache") {
        try library.register(
          String(decoding: file.bytes, as: UTF8.self), named: String(path.dropLast(9)))
      } else {
        files[path] = file.bytes
      }
    }
    self.library = library
    style = Self.asset("style.css", type: "text/css; charset=utf-8", files)
    teamStyle = Self.asset("team.css", type: "text/css; charset=utf-8", files)
    teamTexts = Texts(
      language: TextLibrary.fallback,
      words: (try? JSONDecoder().decode(
        [String: String].self, from: Data(files["team.json"] ?? []))) ?? [:])
    script = Self.asset("page.js", type: "text/javascript; charset=utf-8", files)
    worker = files["worker.js"] ?? []
    openAPI = files["openapi.json"] ?? []
  }

  private static func asset(
    _ path: String, type: String, _ files: [String: [UInt8]]
  ) -> Asset {
    let bytes = files[path] ?? []
    let digest = SHA256.hash(data: bytes).prefix(6).map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }.joined()
    let parts = path.split(separator: ".")
    return Asset(name: "\(parts[0])-\(digest).\(parts[1])", type: type, bytes: bytes)
  }

  /// A page of a template.
  ///
  /// - Throws: ``WebProblem`` `trouble` for a template that there is not.
  func html(_ template: String, _ fields: [String: Any]) throws -> String {
    guard let html = library.render(fields, withTemplate: template) else {
      throw WebProblem.trouble
    }
    return html
  }
}
