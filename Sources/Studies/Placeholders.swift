package import Definitions
import Foundation

extension StudyFolder {
  /// What the consent texts still leave to be filled in, such as `[ethics board]`, by language and
  /// place: as long as there is any, nobody should be asked to agree.
  package var placeholders: [Located<String>] {
    study.languages.compactMap { consentTexts[$0] }.flatMap { $0.placeholders(in: url) }
  }
}

extension StudyText {
  /// The words in square brackets, brackets included and unwrapped, that are not Markdown's own:
  /// no link, footnote, box to tick, code or escaped bracket.
  ///
  /// - Parameter folder: the study's folder, for places as the user would type them; nil for a study
  ///   from a database.
  func placeholders(in folder: URL?) -> [Located<String>] {
    let file = folder.map { FolderFiles(directory: $0).displayed(path) } ?? path
    var found: [Located<String>] = []
    var place = Place(file: file, line: 1, column: 1)
    var start: (index: String.Index, place: Place)?
    var isCode = false
    var lineIsEmpty = true
    var previous: Character = "\n"
    for index in text.indices {
      let character = text[index]
      switch character {
      case "`": isCode.toggle()
      case "[" where !isCode && previous != "\\": start = previous == "]" ? nil : (index, place)
      case "]" where !isCode && previous != "\\":
        let next = text.index(after: index)
        if let start,
          !isMarkdown(
            text[start.index...index], at: start.place.column, before: text[next...].first)
        {
          let words = text[start.index...index].split(whereSeparator: \.isWhitespace)
          found.append(Located(words.joined(separator: " "), at: start.place))
        }
        start = nil
      // A paragraph ends every code and every pair of brackets.
      case _ where character.isNewline && lineIsEmpty: (start, isCode) = (nil, false)
      default: break
      }
      if character.isNewline {
        place.line += 1
        place.column = 1
        lineIsEmpty = true
      } else {
        place.column += character.unicodeScalars.count
        lineIsEmpty = lineIsEmpty && character.isWhitespace
      }
      previous = character
    }
    return found
  }

  /// Whether brackets mean something in Markdown: `[x](…)`, `[x][y]`, `[x]: …`, `[^1]`, `[ ]`, `[x]`.
  private func isMarkdown(
    _ brackets: Substring, at column: Int, before next: Character?
  ) -> Bool {
    // A reference's address stands on a line of its own, indented by no more than three.
    if next == "(" || next == "[" || next == ":" && column <= 4 { return true }
    let inner = brackets.dropFirst().dropLast()
    return inner.first == "^" || ["", " ", "x", "X"].contains(inner)
  }
}
